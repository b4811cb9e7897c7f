#include "libs/grpc/channel.h"

#include <utility>

#include "fmt/format.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/support/channel_arguments.h"
#include "libs/grpc/trace_context.h"
#include "libs/status/macros.h"

namespace penstock::rpc {
namespace {

constexpr absl::Duration kFirstReconnect = absl::Milliseconds(100);

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(duration));
}

::grpc::ChannelArguments ArgumentsFrom(const ChannelOptions& options) {
  ::grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(options.max_message_bytes);
  arguments.SetMaxSendMessageSize(options.max_message_bytes);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, Milliseconds(options.keepalive_time));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Milliseconds(options.keepalive_timeout));
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, Milliseconds(kFirstReconnect));
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, Milliseconds(kFirstReconnect));
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, Milliseconds(options.max_reconnect_backoff));
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  // A channel is a connection: two channels to one address do not share theirs.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return arguments;
}

void SetDeadline(::grpc::ClientContext& context, absl::Time deadline) {
  if (deadline != absl::InfiniteFuture()) context.set_deadline(absl::ToChronoTime(deadline));
}

void AddCredential(::grpc::ClientContext& context, std::string_view credential) {
  context.AddMetadata("authorization", fmt::format("Bearer {}", credential));
}

}  // namespace

config::Declarations DeclareChannelSettings() {
  using config::Type;
  return {
      {.name = "PENSTOCK_TLS_SERVER_CA_FILE",
       .type = Type::kPath,
       .default_text = "",
       .help = "CA (PEM) of the services this one calls; plaintext without it."},
      {.name = "PENSTOCK_TLS_CLIENT_CERT_FILE",
       .type = Type::kPath,
       .default_text = "",
       .help = "Certificate (PEM) shown to the services this one calls."},
      {.name = "PENSTOCK_TLS_CLIENT_KEY_FILE",
       .type = Type::kPath,
       .default_text = "",
       .help = "Private key (PEM) of that certificate."},
  };
}

ChannelOptions ChannelOptionsFrom(const config::Settings& settings, std::string address) {
  ChannelOptions options;
  options.address = std::move(address);
  options.tls = {.certificate = settings.String("PENSTOCK_TLS_CLIENT_CERT_FILE"),
                 .key = settings.String("PENSTOCK_TLS_CLIENT_KEY_FILE"),
                 .ca = settings.String("PENSTOCK_TLS_SERVER_CA_FILE")};
  return options;
}

absl::StatusOr<std::shared_ptr<::grpc::Channel>> CreateChannel(const ChannelOptions& options) {
  ASSIGN_OR_RETURN(std::shared_ptr<::grpc::ChannelCredentials> credentials,
                   ChannelCredentialsFrom(options.tls));
  return ::grpc::CreateCustomChannel(options.address, credentials, ArgumentsFrom(options));
}

void PrepareCall(::grpc::ClientContext& context, const auth::ServiceTokens& tokens, TenantId tenant,
                 absl::Time deadline) {
  AddCredential(context, tokens.Make(tenant));
  SetDeadline(context, deadline);
}

void PrepareCall(::grpc::ClientContext& context, const auth::ServiceTokens& tokens,
                 const auth::CallContext& caller) {
  PrepareCall(context, tokens, caller.tenant, caller.deadline);
  if (!caller.trace.trace_id.empty()) {
    context.AddMetadata("traceparent", Traceparent(caller.trace));
  }
  if (!caller.request_id.empty()) context.AddMetadata("x-request-id", caller.request_id);
}

void PrepareCall(::grpc::ClientContext& context, std::string_view api_key, absl::Time deadline) {
  AddCredential(context, api_key);
  SetDeadline(context, deadline);
}

}  // namespace penstock::rpc

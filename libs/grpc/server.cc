#include "libs/grpc/server.h"

#include <algorithm>
#include <chrono>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/server_builder.h"
#include "libs/status/macros.h"

namespace penstock::rpc {
namespace {

// Clients may ping this often, calls or not, without being taken for abusive.
constexpr absl::Duration kLeastPingInterval = absl::Seconds(10);

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(duration));
}

std::vector<std::string> SplitAtCommas(const std::string& text) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find(',', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

void SetLimits(::grpc::ServerBuilder& builder, const ServerOptions& options) {
  builder.SetMaxReceiveMessageSize(options.max_message_bytes);
  builder.SetMaxSendMessageSize(options.max_message_bytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.max_concurrent_streams);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Milliseconds(options.keepalive_time));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                             Milliseconds(options.keepalive_timeout));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             Milliseconds(kLeastPingInterval));
  // Two servers on one port would each get some of the calls; the second is to fail instead.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // Only reflection still uses the synchronous API; one thread is plenty for it.
  builder.SetSyncServerOption(::grpc::ServerBuilder::NUM_CQS, 1);
  builder.SetSyncServerOption(::grpc::ServerBuilder::MIN_POLLERS, 1);
  builder.SetSyncServerOption(::grpc::ServerBuilder::MAX_POLLERS, 1);
}

}  // namespace

config::Declarations DeclareServerSettings(const std::string& default_address) {
  using config::Type;
  return {
      {.name = "PENSTOCK_GRPC_ADDRESS",
       .default_text = default_address,
       .help = "Where gRPC listens: host:port or unix:path, several joined by commas."},
      {.name = "PENSTOCK_GRPC_MAX_MESSAGE_BYTES",
       .type = Type::kBytes,
       .default_text = "16MiB",
       .help = "Largest gRPC message taken or sent.",
       .minimum = 64 << 10,
       .maximum = 1 << 30},
      {.name = "PENSTOCK_TLS_CERT_FILE",
       .type = Type::kPath,
       .default_text = "",
       .help = "Certificate chain (PEM) that gRPC serves with; plaintext without it."},
      {.name = "PENSTOCK_TLS_KEY_FILE",
       .type = Type::kPath,
       .default_text = "",
       .help = "Private key (PEM) of the certificate."},
      {.name = "PENSTOCK_TLS_CLIENT_CA_FILE",
       .type = Type::kPath,
       .default_text = "",
       .help = "CA (PEM) that clients must show a certificate of."},
  };
}

ServerOptions ServerOptionsFrom(const config::Settings& settings) {
  ServerOptions options;
  options.address = settings.String("PENSTOCK_GRPC_ADDRESS");
  options.max_message_bytes = static_cast<int>(settings.Bytes("PENSTOCK_GRPC_MAX_MESSAGE_BYTES"));
  options.tls = {.certificate = settings.String("PENSTOCK_TLS_CERT_FILE"),
                 .key = settings.String("PENSTOCK_TLS_KEY_FILE"),
                 .ca = settings.String("PENSTOCK_TLS_CLIENT_CA_FILE")};
  return options;
}

absl::StatusOr<std::unique_ptr<Server>> Server::Create(
    const ServerOptions& options, const std::vector<::grpc::Service*>& services,
    lifecycle::Readiness& readiness) {
  ASSIGN_OR_RETURN(std::shared_ptr<::grpc::ServerCredentials> credentials,
                   ServerCredentialsFrom(options.tls));
  ::grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  std::unique_ptr<Server> server(new Server(readiness));
  ::grpc::ServerBuilder builder;
  SetLimits(builder, options);
  std::vector<std::string> addresses = SplitAtCommas(options.address);
  std::vector<int> ports(addresses.size(), 0);
  for (size_t i = 0; i < addresses.size(); ++i) {
    builder.AddListeningPort(addresses[i], credentials, &ports[i]);
  }
  for (::grpc::Service* service : services) builder.RegisterService(service);
  builder.RegisterService(&server->health_);
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr) {
    return absl::UnavailableError(fmt::format("can't listen on {}", options.address));
  }
  server->port_ = ports[0];
  return server;
}

Server::~Server() { Drain(absl::ZeroDuration()); }

void Server::Drain(absl::Duration grace) {
  if (server_ == nullptr) return;
  server_->Shutdown(absl::ToChronoTime(absl::Now() + grace));
  server_->Wait();
  server_.reset();
}

}  // namespace penstock::rpc

// Channels to other services: TLS by files, keepalive, service token on each call. Nothing is
// retried below the caller: only the caller knows what may be repeated.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "libs/auth/call_context.h"
#include "libs/auth/service_token.h"
#include "libs/config/settings.h"
#include "libs/grpc/tls.h"

namespace penstock::rpc {

struct ChannelOptions {
  std::string address;  // "engine:50052", "unix:/run/penstock/engine.sock"
  TlsFiles tls;
  int max_message_bytes = 16 << 20;
  absl::Duration keepalive_time = absl::Minutes(2);
  absl::Duration keepalive_timeout = absl::Seconds(20);
  absl::Duration max_reconnect_backoff = absl::Seconds(2);
};

// PENSTOCK_TLS_SERVER_CA_FILE, PENSTOCK_TLS_CLIENT_CERT_FILE, PENSTOCK_TLS_CLIENT_KEY_FILE: how a
// service calls others.
config::Declarations DeclareChannelSettings();
ChannelOptions ChannelOptionsFrom(const config::Settings& settings, std::string address);

// Connects lazily. INVALID_ARGUMENT when a file can't be read.
absl::StatusOr<std::shared_ptr<::grpc::Channel>> CreateChannel(const ChannelOptions& options);

// Prepares one call on behalf of `tenant`: service token, deadline, wait_for_ready off.
void PrepareCall(::grpc::ClientContext& context, const auth::ServiceTokens& tokens, TenantId tenant,
                 absl::Time deadline);
// The same within a call being served: its tenant, its deadline, its trace (as a child span) and
// its request id go along.
void PrepareCall(::grpc::ClientContext& context, const auth::ServiceTokens& tokens,
                 const auth::CallContext& caller);
// A caller's own credential instead of a service token, for tests and tools.
void PrepareCall(::grpc::ClientContext& context, std::string_view api_key, absl::Time deadline);

}  // namespace penstock::rpc

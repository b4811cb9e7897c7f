// Channels to other services: TLS by files, keepalive, service token on each call. Nothing is
// retried below the caller: only the caller knows what may be repeated.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "libs/auth/call_context.h"
#include "libs/auth/service_token.h"

namespace penstock::rpc {

struct ChannelOptions {
  std::string address;           // "engine:50052", "unix:/run/penstock/engine.sock"
  std::string ca_file;           // PEM; empty = plaintext
  std::string certificate_file;  // of this client, for mTLS; empty = none
  std::string key_file;
  int max_message_bytes = 16 << 20;
  absl::Duration keepalive_time = absl::Minutes(2);
  absl::Duration keepalive_timeout = absl::Seconds(20);
  absl::Duration max_reconnect_backoff = absl::Seconds(2);
};

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

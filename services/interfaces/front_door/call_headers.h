// What of an HTTP request's headers goes on into the RPC behind it: credential, request id, trace
// and deadline, and nothing else. Whatever names a tenant or a consumer stays outside.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/client_context.h"
#include "libs/http/message.h"

namespace penstock::interfaces {

struct CallTimeouts {
  absl::Duration unless_said = absl::Seconds(30);
  absl::Duration at_most = absl::Minutes(10);
};

// How long the caller waits: Grpc-Timeout ("1500m", as gRPC writes it) or X-Request-Timeout
// (seconds: "1.5", or with a unit: "1500ms"), cut to at_most. INVALID_ARGUMENT for anything else.
absl::StatusOr<absl::Duration> TimeoutOf(const http::Request& request,
                                         const CallTimeouts& timeouts);

// Prepares the call of `request`. UNAUTHENTICATED for a credential that no header can carry.
absl::Status PrepareCall(const http::Request& request, absl::Time deadline,
                         grpc::ClientContext& context);

}  // namespace penstock::interfaces

// Failed calls as problem documents (libs/http/problem.h).
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "grpcpp/support/status.h"
#include "libs/http/message.h"

namespace penstock::transcoding {

// What a client is told of a call that failed. What a service said is passed on with its reason,
// violations and Retry-After; what gRPC itself says about a connection names addresses and is
// replaced. 401 says WWW-Authenticate.
http::Response ProblemOfCall(const ::grpc::Status& status, std::string_view request_id);

// The same for what was found wrong before any call.
http::Response ProblemOfRequest(const absl::Status& status, std::string_view request_id);

}  // namespace penstock::transcoding

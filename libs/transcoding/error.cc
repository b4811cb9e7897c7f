#include "libs/transcoding/error.h"

#include "libs/grpc/status_conversion.h"
#include "libs/http/problem.h"
#include "libs/status/details.h"

namespace penstock::transcoding {
namespace {

constexpr absl::Duration kBackendRetry = absl::Seconds(1);

// A status without details was made by gRPC, or says nothing but its code and words. Of the codes
// that tell of a broken connection or a crash, the words are ours to keep.
absl::Status Presentable(const ::grpc::Status& status) {
  const absl::Status converted = rpc::FromGrpcStatus(status);
  if (!status.error_details().empty()) return converted;
  switch (converted.code()) {
    case absl::StatusCode::kUnavailable:
      return WithRetryAfter(WithReason(absl::UnavailableError("The service that serves this can't "
                                                              "be reached just now. Try it again."),
                                       "SERVICE_UNAVAILABLE"),
                            kBackendRetry);
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return absl::Status(converted.code(),
                          "The call failed inside; its requestId finds it in the logs.");
    case absl::StatusCode::kUnimplemented:
      return absl::UnimplementedError("The service that serves this does not know the call.");
    default:
      return converted;
  }
}

}  // namespace

http::Response ProblemOfRequest(const absl::Status& status, std::string_view request_id) {
  http::Response response = http::ProblemOf(status, request_id);
  if (absl::IsUnauthenticated(status)) {
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
  }
  return response;
}

http::Response ProblemOfCall(const ::grpc::Status& status, std::string_view request_id) {
  return ProblemOfRequest(Presentable(status), request_id);
}

}  // namespace penstock::transcoding

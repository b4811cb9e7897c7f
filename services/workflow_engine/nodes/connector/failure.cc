#include "services/workflow_engine/nodes/connector/failure.h"

#include <string>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/status/http_status.h"

namespace penstock::workflow_engine {
namespace {

bool IsTransient(int http_status) {
  return http_status == 408 || http_status == 429 || http_status >= 500;
}

// Whether it might go otherwise the next time.
bool MayPass(const absl::Status& status, int http_status) {
  if (http_status > 0) return IsTransient(http_status);
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kInternal:
      return true;
    default:
      return false;
  }
}

// Whether it is certain that the third party did nothing.
bool NothingDone(const absl::Status& status, int http_status) {
  return http_status == 429 || MetadataOf(status, "acted") == "no";
}

}  // namespace

NodeError ConnectorError(const absl::Status& status, bool repeatable) {
  const int http_status = HttpStatusOf(status);
  NodeError error;
  error.message = std::string(status.message());
  error.type = http_status > 0 ? fmt::format("HTTP_{}", http_status) : ReasonOf(status);
  if (error.type.empty()) error.type = absl::StatusCodeToString(status.code());
  error.retryable =
      MayPass(status, http_status) && (repeatable || NothingDone(status, http_status));
  if (error.retryable) error.retry_after = RetryAfterOf(status);
  return error;
}

}  // namespace penstock::workflow_engine

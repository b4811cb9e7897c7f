#include "services/interfaces/engine_client/engine_error.h"

#include "absl/time/time.h"
#include "libs/status/details.h"

namespace penstock::interfaces {

absl::Status EngineError(const absl::Status& status) {
  if (!absl::IsUnavailable(status) || !ReasonOf(status).empty()) return status;
  // gRPC's own words about the connection name addresses; the caller gets ours.
  return WithRetryAfter(WithReason(absl::UnavailableError("the workflow engine can't be reached"),
                                   "ENGINE_UNREACHABLE"),
                        absl::Seconds(1));
}

}  // namespace penstock::interfaces

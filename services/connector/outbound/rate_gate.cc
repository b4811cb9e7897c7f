#include "services/connector/outbound/rate_gate.h"

#include "libs/status/details.h"

namespace penstock::connector {

absl::Status RateLimited(absl::Duration retry_after) {
  return WithRetryAfter(
      WithReason(absl::UnavailableError("the connector makes no more calls for now"),
                 "RATE_LIMITED", {{"acted", "no"}}),
      retry_after);
}

}  // namespace penstock::connector

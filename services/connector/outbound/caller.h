// One call to a third party on behalf of a connector: bulkhead, circuit breaker, rate limit,
// credentials, egress, and again when that is safe and of use. Blocks; for worker threads.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/clock/clock.h"
#include "libs/egress/http.h"
#include "libs/ids/uuid.h"
#include "libs/lifecycle/cancellation.h"
#include "services/connector/outbound/call_metrics.h"
#include "services/connector/outbound/connector_state.h"
#include "services/connector/outbound/http_sender.h"
#include "services/connector/outbound/outcome.h"
#include "services/connector/outbound/rate_gate.h"
#include "services/connector/outbound/retry.h"
#include "services/connector/outbound/signals.h"
#include "services/connector/outbound/target.h"

namespace penstock::connector {

struct CallPlan {
  TenantId tenant = {};
  Uuid connector = {};
  int64_t version = 0;       // of the connector
  std::string service = {};  // id of the catalogue, for metrics
  Target target;
  egress::HttpRequest request;  // of Target::Build: without credentials
  // Whether doing it twice is doing it once: by its method (IsIdempotent), or because of an
  // idempotency key that the provider is known to honour.
  bool idempotent = false;
  absl::Duration timeout = absl::Seconds(15);  // of the whole call
  std::optional<RateLimit> rate_limit = {};
  ResponseSignals signals = {};
  RetryPolicy retry = {};
  // Adds credentials; before every attempt, as signatures age. Null = none are needed.
  std::function<absl::Status(egress::HttpRequest&, int attempt)> authenticate = {};
  // The credentials that `authenticate` added last: answers that repeat them have them blotted out.
  std::function<std::vector<std::string_view>()> secrets = {};
  // When the credentials are refused: gets better ones, for one more attempt whatever the method,
  // as nothing was done. Null = the refusal is the answer. Its error ends the call.
  std::function<absl::Status(int http_status)> on_unauthorized = {};
  lifecycle::Cancellation* cancellation = nullptr;  // null = never
};

struct CallResult {
  egress::HttpResponse response;
  OutcomeClass kind = OutcomeClass::kAnswered;  // or kUnauthorized
  int attempts = 0;
};

struct CallerOptions {
  // Calls of one connector under way at once, so that a slow upstream can't take all threads.
  int max_calls_per_connector = 16;
  BreakerOptions breaker;
};

class Caller {
 public:
  // Waits; false when cancelled.
  using Sleep = std::function<bool(absl::Duration, lifecycle::Cancellation*)>;
  // What it works with. `jitter` is uniform in [0, 1) and safe from many threads.
  struct Deps {
    HttpSender& http;
    RateGate& rate_gate;
    const Clock& clock;
    CallMetrics& metrics;
    std::function<double()> jitter;
    Sleep sleep;
  };
  explicit Caller(Deps deps, CallerOptions options = {});

  // A result is any answer that the third party gave to this request, 4xx included: what it means
  // is the caller's to judge, and its status is there. Errors are those of ErrorOf (5xx, no answer,
  // limits), of authenticate and on_unauthorized; CIRCUIT_OPEN and RATE_LIMITED (UNAVAILABLE, with
  // RetryInfo); CONNECTOR_BUSY (RESOURCE_EXHAUSTED, with RetryInfo); CANCELLED (CALLER_GONE,
  // metadata acted).
  absl::StatusOr<CallResult> Call(const CallPlan& plan, absl::Time deadline);

 private:
  const Deps deps_;
  const CallerOptions options_;
  ConnectorStates states_;
};

// Of real time and randomness, for Deps.
bool SleepInRealTime(absl::Duration duration, lifecycle::Cancellation* cancellation);

// GET, HEAD, OPTIONS, PUT and DELETE.
bool IsIdempotent(std::string_view method);

}  // namespace penstock::connector

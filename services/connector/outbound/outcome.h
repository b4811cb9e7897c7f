// What became of one attempt: its class, whether the other side may have acted, whether it may be
// made again, and what the caller hears. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/egress/http.h"
#include "services/connector/outbound/breaker.h"
#include "services/connector/outbound/signals.h"

namespace penstock::connector {

enum class OutcomeClass {
  kAnswered,      // a result, 4xx included: what the third party says is the caller's to judge
  kUnauthorized,  // 401, or said otherwise; a result when there is nothing to be done about it
  kRateLimited,
  kUnavailable,    // 502, 503, 504
  kServerError,    // any other 5xx
  kConnectFailed,  // not sent
  kTlsFailed,      // not sent
  kTimeout,
  kBroken,        // the connection ended, or what came was not HTTP
  kTooLarge,      // the answer
  kRedirected,    // too often, or to what is no URL
  kEgressDenied,  // by the guard or the connector's hosts; not sent to where it must not
  kNotSendable,   // a request that can't be put on the wire
  kBusy,          // too much under way here; not sent
  kCancelled,
};

struct Outcome {
  OutcomeClass kind = OutcomeClass::kAnswered;
  int http_status = 0;                           // 0 = no answer
  std::string type = {};                         // the egress client's type of a failure
  std::string why = {};                          // in our words; safe to show
  std::optional<absl::Duration> come_back = {};  // what the answer said
};

Outcome Classify(const egress::HttpResult& result, const ResponseSignals& signals, absl::Time now);

// "answered", "rate_limited", ...; for metrics.
std::string_view OutcomeName(OutcomeClass kind);

// Whether the same may be sent again without acting twice, and has some hope of ending better.
bool MayRetry(OutcomeClass kind, bool idempotent);
// Whether the third party may have acted: "no" (not sent, or refused), "maybe".
std::string_view MayHaveActed(OutcomeClass kind);
Verdict VerdictOf(OutcomeClass kind);

// OK for results. Else with a reason of WithReason and the metadata host, type, http_status and
// acted: UPSTREAM_FAILED, UPSTREAM_TIMEOUT, RATE_LIMITED (with RetryInfo): UNAVAILABLE;
// EGRESS_DENIED: FAILED_PRECONDITION, as trying again does not help; CONNECTOR_BUSY:
// RESOURCE_EXHAUSTED. Never holds a body, a header's value or a URL.
absl::Status ErrorOf(const Outcome& outcome, std::string_view host);

}  // namespace penstock::connector

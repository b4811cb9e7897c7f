// Calling the system behind a connector: trying it out, reading, acting.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/lifecycle/cancellation.h"
#include "services/connector/credentials/use.h"
#include "services/connector/ops/call_health.h"
#include "services/connector/ops/connector_context.h"
#include "services/connector/ops/grant_tokens.h"
#include "services/connector/ops/known_connectors.h"
#include "services/connector/ops/known_workflows.h"
#include "services/connector/outbound/caller.h"
#include "services/connector/outbound/target.h"

namespace penstock::connector {

// Owned by App; all outlive it.
struct CallingContext {
  const ConnectorContext& connectors;
  KnownConnectors& known;
  KnownWorkflows& workflows;
  CallHealth& health;
  GrantTokens& tokens;
  Caller& caller;
};

struct ThirdPartyCall {
  ConnectorId connector;
  ApiRequest request = {};
  Purpose purpose = Purpose::kFetch;
  std::string idempotency_key = {};  // empty = none
  // Answers of 400 and above are results like any other.
  bool accept_error_status = false;
  std::string execution_id = {};  // of the workflow that asks, or empty
  // When nobody waits for the answer any more, the request is taken back. Null = never.
  lifecycle::Cancellation* gone = nullptr;
};

// What the third party answered, without anything of our credentials. Errors: NOT_FOUND;
// FAILED_PRECONDITION (CONNECTOR_INACTIVE, CREDENTIAL_MISSING, NEEDS_REAUTH, EGRESS_DENIED ...);
// UNAVAILABLE: UPSTREAM_REJECTED (400 to 499; the same would be said again), UPSTREAM_FAILED,
// UPSTREAM_TIMEOUT, RATE_LIMITED, CIRCUIT_OPEN; with metadata http_status where there was an
// answer; CANCELLED (CALLER_GONE). The connector's last error and last success are kept.
absl::StatusOr<egress::HttpResponse> CallThirdParty(const CallingContext& context,
                                                    const auth::CallContext& caller,
                                                    const ThirdPartyCall& call);

// The request of a call, without credentials. INVALID_ARGUMENT names what of it is wrong.
absl::StatusOr<egress::HttpRequest> BuildRequest(const KnownConnector& known,
                                                 const ThirdPartyCall& call);

// As CallThirdParty, with a request of BuildRequest, or one that follows from it (the next page).
absl::StatusOr<egress::HttpResponse> SendRequest(const CallingContext& context,
                                                 const auth::CallContext& caller,
                                                 const ThirdPartyCall& call,
                                                 egress::HttpRequest request);

// What CallThirdParty would send, with {{secret.NAME}} in place of what is secret.
absl::StatusOr<egress::HttpRequest> PrepareOnly(const CallingContext& context,
                                                const auth::CallContext& caller,
                                                const ThirdPartyCall& call);

struct TestOutcome {
  bool succeeded = false;
  int http_status = 0;
  absl::Duration duration;
  std::optional<CallError> error = {};  // of a failure
};
// Sends the connector's test request, or its provider's, or GETs the base URL. Errors as above but
// UPSTREAM_REJECTED, which is an outcome.
absl::StatusOr<TestOutcome> TestConnector(const CallingContext& context,
                                          const auth::CallContext& caller, ConnectorId id,
                                          lifecycle::Cancellation& gone);

}  // namespace penstock::connector

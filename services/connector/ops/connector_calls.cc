#include "services/connector/ops/connector_calls.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "fmt/format.h"
#include "google/protobuf/util/json_util.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/random.h"
#include "libs/status/details.h"
#include "libs/status/http_status.h"
#include "libs/status/macros.h"
#include "services/connector/auth/placeholders.h"
#include "services/connector/ops/test_request.h"

namespace penstock::connector {
namespace {

using auth::CallContext;

constexpr char kAccessToken[] = "access_token";
constexpr char kIdempotencyKey[] = "Idempotency-Key";
constexpr size_t kMaxIdempotencyKey = 255;

bool IsError(int http_status) { return http_status >= 400; }

absl::Status Rejected(std::string_view host, int http_status) {
  return WithReason(absl::UnavailableError(fmt::format("{} answered {}", host, http_status)),
                    "UPSTREAM_REJECTED", {{"http_status", std::to_string(http_status)}});
}

UseOutcome UseOutcomeOf(const absl::StatusOr<CallResult>& result) {
  if (result.ok()) {
    const int status = result->response.status;
    if (status == 401 || result->kind == OutcomeClass::kUnauthorized) return UseOutcome::kRejected;
    return IsError(status) ? UseOutcome::kFailed : UseOutcome::kSucceeded;
  }
  const std::string reason = ReasonOf(result.status());
  if (reason == "EGRESS_DENIED" || reason == "CIRCUIT_OPEN" || reason == "CONNECTOR_BUSY") {
    return UseOutcome::kBlocked;
  }
  // By our own gate, before anything was sent, or by the third party.
  if (reason == "RATE_LIMITED" && HttpStatusOf(result.status()) == 0) return UseOutcome::kBlocked;
  if (MetadataOf(result.status(), "acted") == "maybe") return UseOutcome::kUnknown;
  return absl::IsCancelled(result.status()) ? UseOutcome::kBlocked : UseOutcome::kFailed;
}

AuthInputs InputsOf(const KnownConnector& known, const Credentials& credentials, absl::Time now,
                    Writing writing) {
  return {.config = known.config,
          .data = known.data,
          .credentials = credentials,
          .now = now,
          .nonce = crypto::HexEncode(crypto::RandomBytes(16)),
          .writing = writing};
}

// The credentials of one call, opened when it begins and again when the third party refuses a
// token.
class CallCredentials {
 public:
  CallCredentials(const CallingContext& context, const KnownConnector& known, Use use,
                  absl::Time deadline)
      : context_(context), known_(known), use_(std::move(use)), deadline_(deadline) {}

  absl::Status Open() {
    if (needs_grant()) return GetToken();
    for (const SecretField& field : known_.strategy->secret_fields(known_.config)) {
      (field.required ? use_.fields : use_.optional_fields).push_back(field.name);
    }
    if (use_.fields.empty() && use_.optional_fields.empty()) return absl::OkStatus();
    use_.storage = known_.connector.secret_storage;
    use_.owner_version = known_.connector.version;
    ASSIGN_OR_RETURN(opened_, context_.connectors.credentials.Open(use_, deadline_));
    open_use_ = opened_->use;
    return absl::OkStatus();
  }

  absl::Status Authenticate(egress::HttpRequest& request) const {
    return known_.strategy->Authenticate(
        InputsOf(known_, credentials(), context_.connectors.clock.Now(), Writing::kSent), request);
  }

  // Gets another token, for one more attempt.
  absl::Status Refused(int http_status) {
    EndUse(UseOutcome::kRejected, http_status);
    RETURN_IF_ERROR(
        context_.tokens.Refused(known_.connector.tenant, *known_.connector.grant, token_version_));
    return GetToken();
  }

  bool needs_grant() const {
    return known_.strategy->token_need(known_.config) == TokenNeed::kGrant;
  }

  std::vector<std::string_view> values() const {
    std::vector<std::string_view> values;
    for (const auto& [name, value] : credentials().values()) values.push_back(value.Reveal());
    return values;
  }

  void Ended(const absl::StatusOr<CallResult>& result) {
    const int http_status = result.ok() ? result->response.status : HttpStatusOf(result.status());
    EndUse(UseOutcomeOf(result), http_status);
    if (token_version_ > 0 && result.ok() && !IsError(http_status)) {
      context_.tokens.Proven(known_.connector.tenant, *known_.connector.grant, token_version_);
    }
  }

 private:
  void EndUse(UseOutcome outcome, int http_status) {
    if (!open_use_) return;
    context_.connectors.credentials.RecordOutcome(*open_use_, outcome, http_status);
    open_use_.reset();
  }

  absl::Status GetToken() {
    if (!known_.connector.grant) {
      return WithReason(absl::FailedPreconditionError(
                            "the connector has no grant yet: authorize it and set grant_id"),
                        "NEEDS_REAUTH", {{"class", "no_grant"}});
    }
    ASSIGN_OR_RETURN(
        GrantToken token,
        context_.tokens.Get(known_.connector.tenant, *known_.connector.grant, use_, deadline_));
    token_version_ = token.version;
    open_use_ = token.use;
    token_.Put(kAccessToken, std::move(token.access_token));
    return absl::OkStatus();
  }

  const Credentials& credentials() const { return opened_ ? opened_->credentials : token_; }

  const CallingContext& context_;
  const KnownConnector& known_;
  Use use_;
  const absl::Time deadline_;
  std::optional<UseId> open_use_;  // whose outcome is not told yet
  std::optional<Opened> opened_;
  Credentials token_;
  int64_t token_version_ = 0;
};

CallPlan PlanOf(const KnownConnector& known, const ThirdPartyCall& call,
                egress::HttpRequest request, CallCredentials& credentials) {
  const Connector& connector = known.connector;
  CallPlan plan{.tenant = connector.tenant,
                .connector = connector.id.uuid(),
                .version = connector.version,
                .service = connector.service_name,
                .target = known.target,
                .request = std::move(request)};
  // Whether a service honours an idempotency key is not known; who gave it may try again.
  plan.idempotent = IsIdempotent(plan.request.method);
  plan.timeout = connector.timeout.value_or(kDefaultCallTimeout);
  if (connector.rate_limit) {
    plan.rate_limit = RateLimit{.calls_per_second = *connector.rate_limit,
                                .burst = std::max(1.0, *connector.rate_limit)};
  }
  plan.signals = known.signals;
  plan.cancellation = call.gone;
  plan.authenticate = [&credentials](egress::HttpRequest& request, int) {
    return credentials.Authenticate(request);
  };
  plan.secrets = [&credentials] { return credentials.values(); };
  if (credentials.needs_grant())
    plan.on_unauthorized = [&credentials](int status) { return credentials.Refused(status); };
  return plan;
}

Use UseOf(const KnownConnector& known, const CallContext& caller, const ThirdPartyCall& call) {
  Use use;
  use.owner = OwnerOf(known.connector);
  use.purpose = call.purpose;
  use.target_host = known.target.host();
  use.execution_id = call.execution_id;
  use.caller = caller;
  return use;
}

absl::StatusOr<std::shared_ptr<const KnownConnector>> FindActive(const CallingContext& context,
                                                                 const CallContext& caller,
                                                                 ConnectorId id) {
  ASSIGN_OR_RETURN(auto known, context.known.Get(caller, id));
  if (known->connector.is_active) return known;
  return WithReason(absl::FailedPreconditionError("the connector is not active"),
                    "CONNECTOR_INACTIVE");
}

// The result of `call`, and once more when the connector turns out to have been changed by another
// replica since we read it: nothing was sent then.
template <typename Call>
auto WithCurrent(const Call& call) {
  auto result = call();
  return ReasonOf(result.status()) == kOwnerChanged ? call() : std::move(result);
}

// Any answer, good or bad.
absl::StatusOr<CallResult> Execute(const CallingContext& context, const KnownConnector& known,
                                   const CallContext& caller, const ThirdPartyCall& call,
                                   egress::HttpRequest request) {
  const absl::Time deadline =
      std::min(caller.deadline, context.connectors.clock.Now() +
                                    known.connector.timeout.value_or(kDefaultCallTimeout));
  CallCredentials credentials(context, known, UseOf(known, caller, call), deadline);
  const absl::Status opened = credentials.Open();
  if (ReasonOf(opened) == kOwnerChanged) {
    context.known.Forget(known.connector.tenant, known.connector.id);
  }
  RETURN_IF_ERROR(opened);
  absl::StatusOr<CallResult> result =
      context.caller.Call(PlanOf(known, call, std::move(request), credentials), deadline);
  credentials.Ended(result);
  return result;
}

absl::StatusOr<TestOutcome> TestOnce(const CallingContext& context, const CallContext& caller,
                                     ThirdPartyCall call) {
  ASSIGN_OR_RETURN(const auto known, FindActive(context, caller, call.connector));
  ASSIGN_OR_RETURN(const connector::v1::Provider::TestRequest test, TestRequestOf(*known));
  ASSIGN_OR_RETURN(call.request, ApiRequestOf(test));
  ASSIGN_OR_RETURN(egress::HttpRequest request, BuildRequest(*known, call));
  const absl::Time start = context.connectors.clock.Now();
  const absl::StatusOr<CallResult> result =
      Execute(context, *known, caller, call, std::move(request));
  const absl::Time end = context.connectors.clock.Now();
  absl::Status verdict = result.status();
  if (result.ok() && !Passes(test, result->response)) {
    verdict = Rejected(known->target.host(), result->response.status);
  }
  context.health.Note(*known, verdict);
  RETURN_IF_ERROR(result.status());
  TestOutcome outcome{
      .succeeded = verdict.ok(), .http_status = result->response.status, .duration = end - start};
  if (!verdict.ok()) outcome.error = ErrorFrom(verdict, end);
  return outcome;
}

}  // namespace

absl::StatusOr<egress::HttpRequest> BuildRequest(const KnownConnector& known,
                                                 const ThirdPartyCall& call) {
  ASSIGN_OR_RETURN(egress::HttpRequest request, known.target.Build(call.request));
  if (!call.idempotency_key.empty()) {
    if (call.idempotency_key.size() > kMaxIdempotencyKey) {
      return InvalidField("idempotency_key", "must be at most 255 bytes");
    }
    request.headers.emplace_back(kIdempotencyKey, call.idempotency_key);
  }
  if (!known.provider) return request;
  for (const auto& [name, value] : known.provider->default_headers()) {
    const bool is_set = std::ranges::any_of(request.headers, [&](const auto& header) {
      return absl::EqualsIgnoreCase(header.first, name);
    });
    if (!is_set) request.headers.emplace_back(name, value);
  }
  return request;
}

absl::StatusOr<egress::HttpResponse> CallThirdParty(const CallingContext& context,
                                                    const CallContext& caller,
                                                    const ThirdPartyCall& call) {
  return WithCurrent([&]() -> absl::StatusOr<egress::HttpResponse> {
    ASSIGN_OR_RETURN(const auto known, context.known.Get(caller, call.connector));
    ASSIGN_OR_RETURN(egress::HttpRequest request, BuildRequest(*known, call));
    return SendRequest(context, caller, call, std::move(request));
  });
}

absl::StatusOr<egress::HttpResponse> SendRequest(const CallingContext& context,
                                                 const CallContext& caller,
                                                 const ThirdPartyCall& call,
                                                 egress::HttpRequest request) {
  ASSIGN_OR_RETURN(const auto known, FindActive(context, caller, call.connector));
  absl::StatusOr<CallResult> result = Execute(context, *known, caller, call, std::move(request));
  absl::Status verdict = result.status();
  if (result.ok() && IsError(result->response.status)) {
    verdict = Rejected(known->target.host(), result->response.status);
  }
  const bool is_accepted = result.ok() && call.accept_error_status;
  // An error that was asked for says nothing about the connector, but for one about its
  // credentials.
  if (!is_accepted || verdict.ok() || result->response.status == 401) {
    context.health.Note(*known, verdict);
  }
  if (!is_accepted) RETURN_IF_ERROR(verdict);
  return std::move(result->response);
}

absl::StatusOr<egress::HttpRequest> PrepareOnly(const CallingContext& context,
                                                const CallContext& caller,
                                                const ThirdPartyCall& call) {
  ASSIGN_OR_RETURN(const auto known, context.known.Get(caller, call.connector));
  ASSIGN_OR_RETURN(egress::HttpRequest request, BuildRequest(*known, call));
  const Credentials placeholders =
      PlaceholderCredentials(FieldsToShow(*known->strategy, known->config, {}));
  RETURN_IF_ERROR(known->strategy->Authenticate(
      InputsOf(*known, placeholders, context.connectors.clock.Now(), Writing::kShown), request));
  return request;
}

absl::StatusOr<TestOutcome> TestConnector(const CallingContext& context, const CallContext& caller,
                                          ConnectorId id, lifecycle::Cancellation& gone) {
  return WithCurrent([&] {
    return TestOnce(context, caller, {.connector = id, .purpose = Purpose::kTest, .gone = &gone});
  });
}

}  // namespace penstock::connector

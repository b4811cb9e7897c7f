#include "services/connector/outbound/caller.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/outbound/follow.h"

namespace penstock::connector {
namespace {

using egress::HttpResponse;
using egress::HttpResult;

// A place among the calls of a connector.
class Place {
 public:
  explicit Place(ConnectorState& state) : state_(state) {}
  ~Place() { state_.Leave(); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

 private:
  ConnectorState& state_;
};

absl::Status Refused(absl::StatusCode code, std::string_view text, std::string_view reason,
                     absl::Duration retry_after) {
  return WithRetryAfter(
      WithReason(absl::Status(code, {text.data(), text.size()}), reason, {{"acted", "no"}}),
      retry_after);
}

class OneCall {
 public:
  OneCall(const Caller::Deps& deps, const CallPlan& plan, ConnectorState& state,
          absl::Time deadline)
      : deps_(deps), plan_(plan), state_(state), deadline_(deadline) {}

  absl::StatusOr<CallResult> Run() {
    while (true) {
      ++attempt_;
      RETURN_IF_ERROR(MakeAttempt());
      if (outcome_.come_back && outcome_.kind == OutcomeClass::kRateLimited) {
        deps_.rate_gate.Block(key(), *outcome_.come_back);
      }
      ASSIGN_OR_RETURN(const bool again, PrepareAnother());
      if (again) continue;
      RETURN_IF_ERROR(ErrorOf(outcome_, plan_.target.host()));
      return CallResult{std::move(std::get<HttpResponse>(result_)), outcome_.kind, attempt_};
    }
  }

  // What metrics call the end of it.
  std::string_view outcome_name() const {
    return refusal_.empty() ? OutcomeName(outcome_.kind) : refusal_;
  }

 private:
  ConnectorKey key() const { return {plan_.tenant, plan_.connector}; }
  absl::Duration Left() const { return deadline_ - deps_.clock.Now(); }

  // An error when nothing was sent; else the outcome.
  absl::Status MakeAttempt() {
    const Breaker::Admission admission = state_.Admit(deps_.clock.Now());
    if (!admission.permit) {
      refusal_ = "circuit_open";
      return Refused(
          absl::StatusCode::kUnavailable,
          fmt::format("{} failed too often and is left alone for a while", plan_.target.host()),
          "CIRCUIT_OPEN", admission.retry_after);
    }
    const absl::Status sent = SendWith();
    const Verdict verdict = sent.ok() ? VerdictOf(outcome_.kind) : Verdict::kNeutral;
    if (state_.Record(*admission.permit, verdict, deps_.clock.Now()))
      deps_.metrics.Opened(plan_.service);
    return sent;
  }

  absl::Status SendWith() {
    refusal_ = "rate_limited";
    ASSIGN_OR_RETURN(const absl::Duration wait,
                     deps_.rate_gate.Take(key(), plan_.rate_limit, Left()));
    refusal_ = "cancelled";
    RETURN_IF_ERROR(SleepFor(wait));
    RETURN_IF_ERROR(CheckAwaited());
    refusal_ = "credentials";
    Attempt attempt{.target = plan_.target,
                    .request = plan_.request,
                    .authenticate = {},
                    .secrets = plan_.secrets,
                    .deadline = deadline_,
                    .cancellation = plan_.cancellation};
    if (plan_.authenticate) {
      attempt.authenticate = [this](egress::HttpRequest& request) {
        return plan_.authenticate(request, attempt_);
      };
    }
    attempt.request.timeout = Left();
    ASSIGN_OR_RETURN(result_, SendFollowing(deps_.http, std::move(attempt)));
    refusal_ = "";
    was_sent_ = true;
    outcome_ = Classify(result_, plan_.signals, deps_.clock.Now());
    return absl::OkStatus();
  }

  // Whether there is to be another attempt, after the wait it takes.
  absl::StatusOr<bool> PrepareAnother() {
    if (outcome_.kind == OutcomeClass::kUnauthorized && plan_.on_unauthorized && !replayed_) {
      replayed_ = true;
      RETURN_IF_ERROR(plan_.on_unauthorized(outcome_.http_status));
      return true;
    }
    const FailedAttempt failed{
        .outcome = outcome_, .attempt = attempt_, .idempotent = plan_.idempotent, .left = Left()};
    const std::optional<absl::Duration> delay = NextDelay(plan_.retry, failed, deps_.jitter());
    if (!delay || !state_.SpendRetry()) return false;
    deps_.metrics.Retried(plan_.service);
    RETURN_IF_ERROR(SleepFor(*delay));
    return true;
  }

  absl::Status SleepFor(absl::Duration duration) const {
    if (duration <= absl::ZeroDuration() || deps_.sleep(duration, plan_.cancellation)) {
      return absl::OkStatus();
    }
    return Gone();
  }

  absl::Status CheckAwaited() const {
    const bool is_gone = plan_.cancellation != nullptr && plan_.cancellation->cancelled();
    return is_gone ? Gone() : absl::OkStatus();
  }

  absl::Status Gone() const {
    const std::string_view acted = was_sent_ ? MayHaveActed(outcome_.kind) : "no";
    return WithReason(absl::CancelledError("the caller has gone"), "CALLER_GONE",
                      {{"acted", std::string(acted)}});
  }

  const Caller::Deps& deps_;
  const CallPlan& plan_;
  ConnectorState& state_;
  const absl::Time deadline_;
  int attempt_ = 0;
  bool replayed_ = false;
  bool was_sent_ = false;     // so that outcome_ says something
  std::string_view refusal_;  // why nothing was sent
  HttpResult result_;
  Outcome outcome_;
};

}  // namespace

Caller::Caller(Deps deps, CallerOptions options)
    : deps_(std::move(deps)), options_(options), states_(options.breaker) {}

absl::StatusOr<CallResult> Caller::Call(const CallPlan& plan, absl::Time deadline) {
  const absl::Time start = deps_.clock.Now();
  const ConnectorKey key{plan.tenant, plan.connector};
  const std::shared_ptr<ConnectorState> state = states_.Get(key, plan.version, start);
  if (!state->Enter(options_.max_calls_per_connector, start)) {
    deps_.metrics.Called(plan.service, "busy", absl::ZeroDuration());
    return Refused(absl::StatusCode::kResourceExhausted,
                   "too many calls of this connector are under way", "CONNECTOR_BUSY",
                   absl::Seconds(1));
  }
  const Place place(*state);
  OneCall call(deps_, plan, *state, std::min(deadline, start + plan.timeout));
  absl::StatusOr<CallResult> result = call.Run();
  deps_.metrics.Called(plan.service, call.outcome_name(), deps_.clock.Now() - start);
  return result;
}

bool SleepInRealTime(absl::Duration duration, lifecycle::Cancellation* cancellation) {
  const lifecycle::Cancellation never;
  return (cancellation != nullptr ? *cancellation : never).Sleep(duration);
}

bool IsIdempotent(std::string_view method) {
  constexpr std::string_view kMethods[] = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"};
  return std::ranges::find(kMethods, method) != std::end(kMethods);
}

}  // namespace penstock::connector

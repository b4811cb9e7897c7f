#include "services/connector/outbound/outcome.h"

#include <iterator>
#include <map>

#include "fmt/format.h"
#include "libs/status/details.h"

namespace penstock::connector {
namespace {

using Kind = OutcomeClass;
namespace failure = egress::failure;

enum class Retry { kNever, kIfIdempotent, kAlways };

struct Row {
  Kind kind;
  std::string_view name;
  Retry retry;
  bool may_have_acted;
  Verdict verdict;
  std::string_view says;  // behind the host's name
};

// In the order of the enumeration. 429 says that nothing was done; 503 does not. A timeout has used
// up the time that another attempt would need.
constexpr Row kRows[] = {
    {Kind::kAnswered, "answered", Retry::kNever, true, Verdict::kHealthy, "answered"},
    {Kind::kUnauthorized, "unauthorized", Retry::kNever, false, Verdict::kHealthy,
     "refused the credentials"},
    {Kind::kRateLimited, "rate_limited", Retry::kAlways, false, Verdict::kHealthy,
     "takes no more calls for now"},
    {Kind::kUnavailable, "unavailable", Retry::kIfIdempotent, true, Verdict::kFailing,
     "is not available"},
    {Kind::kServerError, "server_error", Retry::kNever, true, Verdict::kFailing, "failed"},
    {Kind::kConnectFailed, "connect_failed", Retry::kAlways, false, Verdict::kFailing,
     "can't be reached"},
    {Kind::kTlsFailed, "tls_failed", Retry::kNever, false, Verdict::kFailing,
     "has no connection that can be trusted"},
    {Kind::kTimeout, "timeout", Retry::kNever, true, Verdict::kFailing, "did not answer in time"},
    {Kind::kBroken, "broken", Retry::kIfIdempotent, true, Verdict::kFailing,
     "broke the answer off, or sent none"},
    {Kind::kTooLarge, "too_large", Retry::kNever, true, Verdict::kNeutral, "sent too much"},
    {Kind::kRedirected, "redirected", Retry::kNever, true, Verdict::kNeutral,
     "redirects in a way that can't be followed"},
    {Kind::kEgressDenied, "egress_denied", Retry::kNever, false, Verdict::kNeutral,
     "may not be called"},
    {Kind::kNotSendable, "not_sendable", Retry::kNever, false, Verdict::kNeutral,
     "can't be sent this request"},
    {Kind::kBusy, "busy", Retry::kNever, false, Verdict::kNeutral,
     "has to wait: too many calls are under way"},
    {Kind::kCancelled, "cancelled", Retry::kNever, true, Verdict::kNeutral, "was not waited for"},
};

constexpr bool InOrder() {
  for (size_t i = 0; i < std::size(kRows); ++i) {
    if (kRows[i].kind != static_cast<Kind>(i)) return false;
  }
  return true;
}
static_assert(InOrder());

const Row& RowOf(Kind kind) { return kRows[static_cast<size_t>(kind)]; }

struct FailureKind {
  std::string_view type;
  Kind kind;
};
constexpr FailureKind kFailures[] = {
    {failure::kEgressDenied, Kind::kEgressDenied}, {failure::kConnectFailed, Kind::kConnectFailed},
    {failure::kTlsFailed, Kind::kTlsFailed},       {failure::kTimeout, Kind::kTimeout},
    {failure::kTooLarge, Kind::kTooLarge},         {failure::kTooManyRedirects, Kind::kRedirected},
    {failure::kBadUrl, Kind::kNotSendable},        {failure::kBadRequest, Kind::kNotSendable},
    {failure::kBadResponse, Kind::kBroken},        {failure::kResourceExhausted, Kind::kBusy},
    {failure::kCancelled, Kind::kCancelled},
};

// Messages of these types are made of hosts, limits and reasons of TLS; others may be libcurl's own
// about anything.
bool IsSafeToShow(Kind kind) {
  return kind == Kind::kEgressDenied || kind == Kind::kTlsFailed || kind == Kind::kTooLarge ||
         kind == Kind::kRedirected;
}

Kind KindOfStatus(int status) {
  if (status == 502 || status == 503 || status == 504) return Kind::kUnavailable;
  return status >= 500 ? Kind::kServerError : Kind::kAnswered;
}

std::string_view ReasonOf(Kind kind) {
  if (kind == Kind::kTimeout) return "UPSTREAM_TIMEOUT";
  if (kind == Kind::kRateLimited) return "RATE_LIMITED";
  if (kind == Kind::kEgressDenied) return "EGRESS_DENIED";
  if (kind == Kind::kBusy) return "CONNECTOR_BUSY";
  return "UPSTREAM_FAILED";
}

absl::StatusCode CodeOf(Kind kind) {
  if (kind == Kind::kEgressDenied) return absl::StatusCode::kFailedPrecondition;
  if (kind == Kind::kBusy) return absl::StatusCode::kResourceExhausted;
  if (kind == Kind::kNotSendable) return absl::StatusCode::kInvalidArgument;
  return absl::StatusCode::kUnavailable;
}

}  // namespace

Outcome Classify(const egress::HttpResult& result, const ResponseSignals& signals, absl::Time now) {
  if (const auto* failed = std::get_if<egress::HttpFailure>(&result)) {
    Outcome outcome{.kind = Kind::kBroken, .type = failed->type};
    for (const FailureKind& row : kFailures) {
      if (row.type == failed->type) outcome.kind = row.kind;
    }
    if (IsSafeToShow(outcome.kind)) outcome.why = failed->message;
    return outcome;
  }
  const auto& response = std::get<egress::HttpResponse>(result);
  Outcome outcome{.kind = KindOfStatus(response.status), .http_status = response.status};
  if (IsUnauthorized(signals, response)) outcome.kind = Kind::kUnauthorized;
  if (IsRateLimited(signals, response)) outcome.kind = Kind::kRateLimited;
  if (outcome.kind == Kind::kRateLimited || response.status == 503) {
    outcome.come_back = ComeBackAfter(signals, response, now);
  }
  return outcome;
}

std::string_view OutcomeName(OutcomeClass kind) { return RowOf(kind).name; }

bool MayRetry(OutcomeClass kind, bool idempotent) {
  const Retry retry = RowOf(kind).retry;
  return retry == Retry::kAlways || (retry == Retry::kIfIdempotent && idempotent);
}

std::string_view MayHaveActed(OutcomeClass kind) {
  return RowOf(kind).may_have_acted ? "maybe" : "no";
}

Verdict VerdictOf(OutcomeClass kind) { return RowOf(kind).verdict; }

absl::Status ErrorOf(const Outcome& outcome, std::string_view host) {
  if (outcome.kind == Kind::kAnswered || outcome.kind == Kind::kUnauthorized) {
    return absl::OkStatus();
  }
  if (outcome.kind == Kind::kCancelled) {
    return WithReason(absl::CancelledError("the caller has gone"), "CALLER_GONE",
                      {{"acted", std::string(MayHaveActed(outcome.kind))}});
  }
  std::string text = fmt::format("{} {}", host, RowOf(outcome.kind).says);
  if (outcome.http_status != 0) text += fmt::format(" (HTTP {})", outcome.http_status);
  if (!outcome.why.empty()) text += ": " + outcome.why;
  std::map<std::string, std::string> metadata = {
      {"host", std::string(host)}, {"acted", std::string(MayHaveActed(outcome.kind))}};
  if (outcome.http_status != 0) metadata["http_status"] = std::to_string(outcome.http_status);
  if (!outcome.type.empty()) metadata["type"] = outcome.type;
  absl::Status error =
      WithReason(absl::Status(CodeOf(outcome.kind), text), ReasonOf(outcome.kind), metadata);
  const bool passes = outcome.kind == Kind::kRateLimited || outcome.kind == Kind::kBusy;
  if (outcome.come_back || passes) {
    error = WithRetryAfter(std::move(error), outcome.come_back.value_or(absl::Seconds(1)));
  }
  return error;
}

}  // namespace penstock::connector

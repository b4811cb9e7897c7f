#include "services/connector/outbound/outcome.h"

#include <catch2/catch.hpp>

#include "libs/status/details.h"
#include "services/connector/outbound/retry.h"

namespace penstock::connector {
namespace {

using Kind = OutcomeClass;
using nlohmann::json;

const absl::Time kNow = absl::FromUnixSeconds(1'750'000'000);

egress::HttpResponse Response(int status, egress::Headers headers = {}, std::string body = "") {
  return {.status = status, .headers = std::move(headers), .body = std::move(body)};
}

Kind KindOf(const egress::HttpResponse& response, const ResponseSignals& signals = {}) {
  return Classify(response, signals, kNow).kind;
}

ResponseSignals Signals(const char* text) { return ParseSignals(json::parse(text)).value(); }

TEST_CASE("an answer is a result unless the third party failed or limits us") {
  for (const int status : {200, 204, 301, 304, 400, 403, 404, 409, 418, 422}) {
    CHECK(KindOf(Response(status)) == Kind::kAnswered);
  }
  CHECK(KindOf(Response(401)) == Kind::kUnauthorized);
  CHECK(KindOf(Response(429)) == Kind::kRateLimited);
  for (const int status : {502, 503, 504}) CHECK(KindOf(Response(status)) == Kind::kUnavailable);
  for (const int status : {500, 501, 520}) CHECK(KindOf(Response(status)) == Kind::kServerError);
}

TEST_CASE("services say limited and expired in their own ways") {
  const ResponseSignals github = Signals(
      R"({"signals": [{"status": 403, "header": "X-RateLimit-Remaining", "header_value": "0"}],
          "retry_after": [{"header": "Retry-After", "format": "FORMAT_SECONDS"},
                          {"header": "x-ratelimit-reset", "format": "FORMAT_EPOCH_SECONDS"}]})");
  CHECK(KindOf(Response(403), github) == Kind::kAnswered);
  CHECK(KindOf(Response(403, {{"x-ratelimit-remaining", "3"}}), github) == Kind::kAnswered);
  const egress::HttpResponse limited =
      Response(403, {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1750000030"}});
  CHECK(KindOf(limited, github) == Kind::kRateLimited);
  CHECK(Classify(limited, github, kNow).come_back == absl::Seconds(30));

  const ResponseSignals linear = Signals(
      R"({"signals": [{"status": 400, "body": {"path": "errors[0].code",
          "equals": "RATELIMITED"}}]})");
  CHECK(KindOf(Response(400, {}, R"({"errors": [{"code": "RATELIMITED"}]})"), linear) ==
        Kind::kRateLimited);
  // Deeper than any stack.
  CHECK(KindOf(Response(400, {}, std::string(1 << 19, '[') + std::string(1 << 19, ']')), linear) ==
        Kind::kAnswered);
  for (const char* body :
       {R"({"errors": [{"code": "OTHER"}]})", R"({"errors": []})", "{}", "not json", "7"}) {
    CHECK(KindOf(Response(400, {}, body), linear) == Kind::kAnswered);
  }
  const ResponseSignals marketo = Signals(
      R"({"expired_signals": [{"status": 200, "body": {"path": "errors.0.code",
          "equals": "602"}}]})");
  CHECK(KindOf(Response(200, {}, R"({"errors": [{"code": "602"}]})"), marketo) ==
        Kind::kUnauthorized);
  CHECK(KindOf(Response(200, {}, R"({"result": []})"), marketo) == Kind::kAnswered);
}

TEST_CASE("signals that make no sense are refused by field") {
  const auto field = [](const char* text) {
    return ViolationsOf(ParseSignals(json::parse(text)).status()).at(0).field;
  };
  CHECK(field("[]") == "rate_limit");
  CHECK(field(R"({"signals": {}})") == "signals");
  CHECK(field(R"({"signals": [{"status": 20}]})") == "signals[0].status");
  CHECK(field(R"({"signals": [{"status": 400}, {"status": 400, "body": {"path": ""}}]})") ==
        "signals[1].body");
  CHECK(field(R"({"expired_signals": [7]})") == "expired_signals[0]");
  CHECK(field(R"({"retry_after": [{"format": "FORMAT_SECONDS"}]})") == "retry_after[0].header");
  CHECK(field(R"({"retry_after": [{"header": "a", "format": "soon"}]})") ==
        "retry_after[0].format");
  CHECK(ParseSignals(json()).ok());
}

TEST_CASE("when to come back is read in every form that services write it") {
  const auto after = [](const char* format, std::string value) {
    ResponseSignals signals;
    if (*format != '\0') {
      signals = ParseSignals({{"retry_after", {{{"header", "x"}, {"format", format}}}}}).value();
    }
    return ComeBackAfter(signals, Response(429, {{*format != '\0' ? "x" : "retry-after", value}}),
                         kNow);
  };
  // kNow is 2025-06-15 15:06:40 UTC.
  CHECK(after("", "7") == absl::Seconds(7));
  CHECK(after("", "1.5") == absl::Seconds(1.5));
  CHECK(after("", "Sun, 15 Jun 2025 15:07:00 GMT") == absl::Seconds(20));
  CHECK(after("", "Sunday, 15-Jun-25 15:07:00 GMT") == absl::Seconds(20));
  CHECK(after("", "Sun Jun 15 15:07:00 2025") == absl::Seconds(20));
  CHECK(after("", "Sun, 15 Jun 2025 15:00:00 GMT") == absl::ZeroDuration());
  CHECK(after("FORMAT_SECONDS", "3") == absl::Seconds(3));
  CHECK(after("FORMAT_MILLISECONDS", "250") == absl::Milliseconds(250));
  CHECK(after("FORMAT_EPOCH_SECONDS", "1750000009") == absl::Seconds(9));
  CHECK(after("FORMAT_EPOCH_MILLISECONDS", "1750000000500") == absl::Milliseconds(500));
  CHECK(after("FORMAT_HTTP_DATE", "Sun, 15 Jun 2025 15:07:00 GMT") == absl::Seconds(20));
  CHECK(after("FORMAT_ISO8601", "2025-06-15T15:06:45Z") == absl::Seconds(5));
  CHECK(after("", "99999999") == absl::Hours(1));
  CHECK(after("", "1e300") == absl::Hours(1));
  for (const char* nonsense : {"", "soon", "-", "nan", "inf", "12 parsecs"}) {
    INFO(nonsense);
    CHECK_FALSE(after("", nonsense));
  }
}

TEST_CASE("what may be tried again depends on what the other side may have done") {
  struct Row {
    Kind kind;
    bool idempotent, other;
  };
  const Row rows[] = {{Kind::kAnswered, false, false},    {Kind::kUnauthorized, false, false},
                      {Kind::kRateLimited, true, true},   {Kind::kUnavailable, true, false},
                      {Kind::kServerError, false, false}, {Kind::kConnectFailed, true, true},
                      {Kind::kTlsFailed, false, false},   {Kind::kTimeout, false, false},
                      {Kind::kBroken, true, false},       {Kind::kTooLarge, false, false},
                      {Kind::kRedirected, false, false},  {Kind::kEgressDenied, false, false},
                      {Kind::kNotSendable, false, false}, {Kind::kBusy, false, false},
                      {Kind::kCancelled, false, false}};
  for (const Row& row : rows) {
    INFO(OutcomeName(row.kind));
    CHECK(MayRetry(row.kind, true) == row.idempotent);
    CHECK(MayRetry(row.kind, false) == row.other);
    // Nothing that may have been done is done twice.
    if (row.other) CHECK(MayHaveActed(row.kind) == "no");
  }
}

TEST_CASE("errors say what kind they are and repeat nothing of the exchange") {
  const auto error = [](const egress::HttpResult& result) {
    return ErrorOf(Classify(result, {}, kNow), "api.example.com");
  };
  const absl::Status failed = error(Response(502, {{"x", "planted"}}, "planted"));
  CHECK(failed.code() == absl::StatusCode::kUnavailable);
  CHECK(ReasonOf(failed) == "UPSTREAM_FAILED");
  CHECK(MetadataOf(failed, "http_status") == "502");
  CHECK(MetadataOf(failed, "acted") == "maybe");
  CHECK(failed.message() == "api.example.com is not available (HTTP 502)");

  const absl::Status limited = error(Response(429, {{"retry-after", "9"}}));
  CHECK(ReasonOf(limited) == "RATE_LIMITED");
  CHECK(RetryAfterOf(limited) == absl::Seconds(9));

  struct Row {
    std::string_view type;
    absl::StatusCode code;
    const char* reason;
  };
  using Code = absl::StatusCode;
  namespace failure = egress::failure;
  for (const Row& row : {Row{failure::kTimeout, Code::kUnavailable, "UPSTREAM_TIMEOUT"},
                         {failure::kConnectFailed, Code::kUnavailable, "UPSTREAM_FAILED"},
                         {failure::kBadResponse, Code::kUnavailable, "UPSTREAM_FAILED"},
                         {failure::kBadUrl, Code::kInvalidArgument, "UPSTREAM_FAILED"},
                         {failure::kBadRequest, Code::kInvalidArgument, "UPSTREAM_FAILED"},
                         {failure::kEgressDenied, Code::kFailedPrecondition, "EGRESS_DENIED"},
                         {failure::kResourceExhausted, Code::kResourceExhausted, "CONNECTOR_BUSY"},
                         {failure::kCancelled, Code::kCancelled, "CALLER_GONE"}}) {
    INFO(row.type);
    const bool is_ours = row.type == failure::kEgressDenied;
    const absl::Status status = error(egress::Failure(row.type, is_ours ? "why" : "planted"));
    CHECK(status.code() == row.code);
    CHECK(ReasonOf(status) == row.reason);
    CHECK(status.ToString().find("planted") == std::string::npos);
  }
  CHECK(error(Response(404)).ok());
  CHECK(error(Response(401)).ok());
}

TEST_CASE("delays double, spread over the whole of themselves, and leave time to send") {
  const RetryPolicy policy{.maximum_attempts = 4,
                           .initial_delay = absl::Milliseconds(100),
                           .maximum_delay = absl::Milliseconds(300)};
  const auto delay = [&](int attempt, double jitter, absl::Duration left = absl::Seconds(9)) {
    return NextDelay(policy,
                     {.outcome = {.kind = Kind::kUnavailable},
                      .attempt = attempt,
                      .idempotent = true,
                      .left = left},
                     jitter);
  };
  CHECK(delay(1, 0) == absl::ZeroDuration());
  CHECK(delay(1, 0.5) == absl::Milliseconds(50));
  CHECK(delay(2, 0.5) == absl::Milliseconds(100));
  CHECK(delay(3, 0.5) == absl::Milliseconds(150));
  CHECK_FALSE(delay(4, 0.5));
  CHECK_FALSE(delay(3, 0.5, absl::Milliseconds(150)));
}

TEST_CASE("a time that the answer named is waited for, or the attempt is not made") {
  const auto delay = [](absl::Duration come_back, double jitter) {
    return NextDelay({},
                     {.outcome = {.kind = Kind::kRateLimited, .come_back = come_back},
                      .attempt = 1,
                      .idempotent = false,
                      .left = absl::Seconds(10)},
                     jitter);
  };
  CHECK(delay(absl::Seconds(3), 0) == absl::Seconds(3));
  CHECK(delay(absl::Seconds(3), 0.99).value() > absl::Seconds(3));
  CHECK(delay(absl::Seconds(3), 0.99).value() < absl::Seconds(3.1));
  CHECK_FALSE(delay(absl::Seconds(10), 0));
}

TEST_CASE("a retry budget is spent in bursts and earned by calls") {
  RetryBudget budget;
  int spent = 0;
  while (budget.Spend()) ++spent;
  CHECK(spent == 10);
  for (int i = 0; i < 9; ++i) budget.Earn();
  CHECK_FALSE(budget.Spend());
  for (int i = 0; i < 2; ++i) budget.Earn();
  CHECK(budget.Spend());
  CHECK_FALSE(budget.Spend());
}

}  // namespace
}  // namespace penstock::connector

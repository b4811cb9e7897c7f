#include "services/connector/outbound/caller.h"

#include <catch2/catch.hpp>
#include <thread>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "libs/metrics/metrics.h"
#include "libs/status/details.h"
#include "libs/testing/simulated_clock.h"
#include "services/connector/outbound/testing/scripted_sender.h"

namespace penstock::connector {
namespace {

using egress::HttpRequest;
using egress::HttpResult;
using testing::Answer;
using testing::HeaderOf;
using testing::ScriptedSender;

class FakeGate final : public RateGate {
 public:
  absl::StatusOr<absl::Duration> Take(const ConnectorKey&, const std::optional<RateLimit>&,
                                      absl::Duration patience) override {
    ++taken;
    if (wait > patience) return RateLimited(wait);
    return wait;
  }
  void Block(const ConnectorKey&, absl::Duration duration) override { blocked.push_back(duration); }

  absl::Duration wait = absl::ZeroDuration();
  int taken = 0;
  std::vector<absl::Duration> blocked;
};

struct Fixture {
  explicit Fixture(std::vector<HttpResult> answers) : sender(std::move(answers)) {}
  explicit Fixture(ScriptedSender::Script script) : sender(std::move(script)) {}

  testing::ScriptedSender sender;
  FakeGate gate;
  penstock::testing::SimulatedClock clock;
  metrics::Registry registry;
  CallMetrics metrics{registry, {"slack"}};
  std::vector<absl::Duration> slept;
  bool gone = false;
  CallerOptions options;
  std::unique_ptr<Caller> caller;

  CallPlan plan = {.connector = Uuid::MakeV7(absl::Now()),
                   .service = "slack",
                   .target = Target::Create("https://slack.com/api", {}).value(),
                   .request = {.method = "GET", .url = "https://slack.com/api/x"},
                   .idempotent = true};

  void MakeCaller() {
    Caller::Deps deps{.http = sender,
                      .rate_gate = gate,
                      .clock = clock,
                      .metrics = metrics,
                      .jitter = [] { return 0.5; },
                      .sleep =
                          [this](absl::Duration wait, lifecycle::Cancellation*) {
                            slept.push_back(wait);
                            clock.Advance(wait);
                            return !gone;
                          }};
    caller = std::make_unique<Caller>(std::move(deps), options);
  }
  absl::StatusOr<CallResult> Call(absl::Duration within = absl::InfiniteDuration()) {
    if (caller == nullptr) MakeCaller();
    return caller->Call(plan, clock.Now() + within);
  }
  size_t attempts() const { return sender.sent().size(); }
  bool Exposes(const std::string& line) const {
    return registry.Expose().find(line) != std::string::npos;
  }
};

HttpResult Fails(std::string_view type) {
  return egress::Failure(type, "planted in libcurl's words");
}

TEST_CASE("an answer comes back as it is, whatever the third party says with it") {
  for (const int status : {200, 302, 400, 403, 404, 409}) {
    Fixture f({Answer(status, {{"x", "y"}}, "body")});
    const auto result = f.Call();
    REQUIRE(result.ok());
    CHECK(result->response.status == status);
    CHECK(result->response.body == "body");
    CHECK(result->attempts == 1);
    CHECK(f.Exposes("penstock_connector_calls_total{outcome=\"answered\",service=\"slack\"} 1"));
  }
}

TEST_CASE("an idempotent call is made again after what passes, with growing delays") {
  for (const HttpResult& first :
       {Answer(502), Answer(503), Answer(504), Answer(429), Fails(egress::failure::kConnectFailed),
        Fails(egress::failure::kBadResponse)}) {
    Fixture f({first, first, Answer(200)});
    const auto result = f.Call();
    REQUIRE(result.ok());
    CHECK(result->attempts == 3);
    CHECK(f.slept == std::vector{absl::Milliseconds(100), absl::Milliseconds(200)});
    CHECK(f.Exposes("penstock_connector_retries_total{service=\"slack\"} 2"));
  }
}

TEST_CASE("a call that must not be made twice is made again only when nothing can have been done") {
  for (const HttpResult& first : {Answer(429), Fails(egress::failure::kConnectFailed)}) {
    Fixture f({first, Answer(200)});
    f.plan.idempotent = false;
    CHECK(f.Call().ok());
    CHECK(f.attempts() == 2);
  }
  for (const HttpResult& first :
       {Answer(500), Answer(502), Answer(503, {{"retry-after", "1"}}), Answer(504),
        Fails(egress::failure::kBadResponse), Fails(egress::failure::kTimeout)}) {
    Fixture f({first, Answer(200)});
    f.plan.idempotent = false;
    const auto result = f.Call();
    CHECK(absl::IsUnavailable(result.status()));
    CHECK(MetadataOf(result.status(), "acted") == "maybe");
    CHECK(f.attempts() == 1);
  }
}

TEST_CASE("when attempts run out the last failure is the answer") {
  Fixture f({Answer(503)});
  const auto result = f.Call();
  CHECK(ReasonOf(result.status()) == "UPSTREAM_FAILED");
  CHECK(MetadataOf(result.status(), "http_status") == "503");
  CHECK(f.attempts() == 3);
}

TEST_CASE("Retry-After is waited for, and tells the other replicas") {
  Fixture f({Answer(429, {{"retry-after", "4"}}), Answer(200)});
  CHECK(f.Call().ok());
  REQUIRE(f.slept.size() == 1);
  CHECK(f.slept[0] >= absl::Seconds(4));
  CHECK(f.slept[0] < absl::Seconds(4.2));
  CHECK(f.gate.blocked == std::vector{absl::Seconds(4)});
}

TEST_CASE("a Retry-After beyond the deadline is handed to the caller at once") {
  Fixture f({Answer(429, {{"retry-after", "60"}})});
  const auto result = f.Call();
  CHECK(ReasonOf(result.status()) == "RATE_LIMITED");
  CHECK(RetryAfterOf(result.status()) == absl::Seconds(60));
  CHECK(f.slept.empty());
  CHECK(f.gate.blocked == std::vector{absl::Seconds(60)});
}

TEST_CASE("a 403 that means too many requests is treated as such") {
  Fixture f({Answer(403, {{"x-ratelimit-remaining", "0"}, {"retry-after", "2"}}), Answer(200)});
  f.plan.signals.limited = {
      {.status = 403, .header = "x-ratelimit-remaining", .header_value = "0"}};
  CHECK(f.Call().ok());
  CHECK(f.attempts() == 2);
}

TEST_CASE("the whole call ends by its own timeout and by the caller's deadline") {
  Fixture f({Answer(200)});
  CHECK(f.Call().ok());
  CHECK(f.sender.sent()[0].timeout == absl::Seconds(15));
  CHECK(f.Call(absl::Seconds(3)).ok());
  CHECK(f.sender.sent()[1].timeout == absl::Seconds(3));
  Fixture slow({Answer(503, {{"retry-after", "2"}})});
  CHECK_FALSE(slow.Call(absl::Seconds(3)).ok());
  CHECK(slow.attempts() == 2);  // a third would have come after the deadline
  CHECK(slow.sender.sent()[1].timeout < absl::Seconds(1));
}

TEST_CASE("retries have a budget, so that an outage is not answered with a storm") {
  Fixture f({Answer(503)});
  f.options.breaker.minimum_calls = 1'000'000;
  for (int i = 0; i < 100; ++i) CHECK_FALSE(f.Call().ok());
  // Ten to begin with, and one for every ten calls.
  CHECK(f.attempts() >= 100 + 18);
  CHECK(f.attempts() <= 100 + 20);
}

TEST_CASE("credentials are added anew before each attempt and their refusal ends the call") {
  Fixture f({Answer(503), Answer(200)});
  f.plan.authenticate = [](HttpRequest& request, int attempt) {
    request.headers.emplace_back("Authorization", "signature " + std::to_string(attempt));
    return absl::OkStatus();
  };
  CHECK(f.Call().ok());
  CHECK(HeaderOf(f.sender.sent()[0], "Authorization") == "signature 1");
  CHECK(HeaderOf(f.sender.sent()[1], "Authorization") == "signature 2");
  f.plan.authenticate = [](HttpRequest&, int) {
    return absl::FailedPreconditionError("no secret");
  };
  CHECK(f.Call().status() == absl::FailedPreconditionError("no secret"));
  CHECK(f.attempts() == 2);
}

TEST_CASE("refused credentials are renewed once, whatever the method") {
  std::string token = "old";
  const auto server = [](const HttpRequest& request) {
    return HeaderOf(request, "Authorization") == "new" ? Answer(200) : Answer(401);
  };
  Fixture f(server);
  f.plan.idempotent = false;
  f.plan.authenticate = [&](HttpRequest& request, int) {
    request.headers.emplace_back("Authorization", token);
    return absl::OkStatus();
  };
  SECTION("and the call is made once more") {
    f.plan.on_unauthorized = [&](int) { return token = "new", absl::OkStatus(); };
    const auto result = f.Call();
    REQUIRE(result.ok());
    CHECK(result->response.status == 200);
    CHECK(f.attempts() == 2);
  }
  SECTION("and refused again they are the answer") {
    int renewed = 0;
    f.plan.on_unauthorized = [&](int) { return ++renewed, absl::OkStatus(); };
    const auto result = f.Call();
    REQUIRE(result.ok());
    CHECK(result->kind == OutcomeClass::kUnauthorized);
    CHECK(renewed == 1);
    CHECK(f.attempts() == 2);
  }
  SECTION("and when they can't be, that is the error") {
    f.plan.on_unauthorized = [](int) { return absl::FailedPreconditionError("needs_reauth"); };
    CHECK(f.Call().status() == absl::FailedPreconditionError("needs_reauth"));
  }
  SECTION("not without a way to") {
    CHECK(f.Call()->response.status == 401);
    CHECK(f.attempts() == 1);
  }
}

TEST_CASE("calls to an upstream that keeps failing are refused until it has recovered") {
  bool well = false;
  Fixture f([&](const HttpRequest&) { return well ? Answer(200) : Answer(500); });
  for (int i = 0; i < 10; ++i) CHECK(ReasonOf(f.Call().status()) == "UPSTREAM_FAILED");
  const auto refused = f.Call();
  CHECK(ReasonOf(refused.status()) == "CIRCUIT_OPEN");
  CHECK(RetryAfterOf(refused.status()) > absl::ZeroDuration());
  CHECK(f.attempts() == 10);
  CHECK(f.Exposes("penstock_connector_breaker_opened_total{service=\"slack\"} 1"));
  CHECK(f.Exposes("outcome=\"circuit_open\""));
  well = true;
  f.clock.Advance(absl::Seconds(6));
  CHECK(f.Call().ok());
  CHECK(f.Call().ok());
  CHECK(f.Call().ok());
}

TEST_CASE("a connector that was changed begins with a closed circuit, others have their own") {
  Fixture f({Answer(500)});
  for (int i = 0; i < 10; ++i) f.Call().status().IgnoreError();
  CHECK(ReasonOf(f.Call().status()) == "CIRCUIT_OPEN");
  SECTION("changed") { ++f.plan.version; }
  SECTION("another") { f.plan.connector = Uuid::MakeV7(absl::Now()); }
  SECTION("another tenant's") { f.plan.tenant = TenantId(Uuid::MakeV7(absl::Now())); }
  CHECK(ReasonOf(f.Call().status()) == "UPSTREAM_FAILED");
}

TEST_CASE("what our own policy refuses, and what third parties refuse, does not open the circuit") {
  for (const HttpResult& answer :
       {Fails(egress::failure::kEgressDenied), Answer(429), Answer(404), Answer(401)}) {
    Fixture f({answer});
    f.plan.retry.maximum_attempts = 1;
    for (int i = 0; i < 30; ++i) CHECK(ReasonOf(f.Call().status()) != "CIRCUIT_OPEN");
    CHECK(f.attempts() == 30);
  }
}

TEST_CASE("a connector's turn is waited for, or said when it takes too long") {
  Fixture f({Answer(200)});
  f.gate.wait = absl::Seconds(2);
  CHECK(f.Call().ok());
  CHECK(f.slept == std::vector{absl::Seconds(2)});
  CHECK(f.sender.sent()[0].timeout == absl::Seconds(13));
  f.gate.wait = absl::Seconds(20);
  const auto refused = f.Call();
  CHECK(ReasonOf(refused.status()) == "RATE_LIMITED");
  CHECK(RetryAfterOf(refused.status()) == absl::Seconds(20));
  CHECK(f.attempts() == 1);
}

TEST_CASE("one slow upstream takes its share of threads and no more") {
  absl::Notification release;
  absl::BlockingCounter there(2);
  Fixture f([&](const HttpRequest&) {
    there.DecrementCount();
    release.WaitForNotification();
    return Answer(200);
  });
  f.options.max_calls_per_connector = 2;
  f.MakeCaller();
  std::atomic<int> answered = 0;
  const auto call = [&] { answered += f.Call().ok() ? 1 : 0; };
  std::thread first(call), second(call);
  there.Wait();
  const auto refused = f.Call();
  CHECK(absl::IsResourceExhausted(refused.status()));
  CHECK(ReasonOf(refused.status()) == "CONNECTOR_BUSY");
  CHECK(RetryAfterOf(refused.status()) > absl::ZeroDuration());
  release.Notify();
  first.join();
  second.join();
  CHECK(answered == 2);
  CHECK(f.attempts() == 2);
}

TEST_CASE("nobody waits for a caller that has gone") {
  Fixture f({Answer(503)});
  f.gone = true;
  const absl::Status status = f.Call().status();
  CHECK(absl::IsCancelled(status));
  CHECK(MetadataOf(status, "acted") == "maybe");
  CHECK(f.attempts() == 1);
}

TEST_CASE("no error holds anything of the exchange, and no metric a name that is not known") {
  for (const HttpResult& result :
       {Answer(503, {{"x", "planted"}}, "planted"), Answer(429, {}, "planted"),
        Fails(egress::failure::kBadResponse), Fails(egress::failure::kConnectFailed),
        Fails(egress::failure::kTimeout), Fails(egress::failure::kBadRequest)}) {
    Fixture f({result});
    f.plan.service = "planted-service";
    f.plan.request.url = "https://slack.com/api/planted?key=planted";
    f.plan.request.headers = {{"Authorization", "planted"}};
    const auto error = f.Call().status();
    REQUIRE_FALSE(error.ok());
    CHECK(error.ToString().find("planted") == std::string::npos);
    CHECK(f.Exposes("service=\"other\""));
    CHECK_FALSE(f.Exposes("planted"));
  }
}

TEST_CASE("methods are idempotent as RFC 9110 has them") {
  for (const char* method : {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
    CHECK(IsIdempotent(method));
  for (const char* method : {"POST", "PATCH", "", "get"}) CHECK_FALSE(IsIdempotent(method));
}

}  // namespace
}  // namespace penstock::connector

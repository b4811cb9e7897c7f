#include "services/connector/outbound/breaker.h"

#include <catch2/catch.hpp>

namespace penstock::connector {
namespace {

using State = BreakerState;
using Event = BreakerEvent;

const absl::Time kStart = absl::FromUnixSeconds(1'750'000'000);

struct Simulation {
  Breaker breaker{{.window = absl::Seconds(30),
                   .minimum_calls = 4,
                   .failure_ratio = 0.5,
                   .open_for = absl::Seconds(5),
                   .longest_open = absl::Seconds(15),
                   .probes = 2}};
  absl::Time now = kStart;

  // Whether the call was let through.
  bool Call(Verdict verdict) {
    const auto permit = breaker.Admit(now).permit;
    if (permit) breaker.Record(*permit, verdict, now);
    return permit.has_value();
  }
  void Open() {
    for (int i = 0; i < 4; ++i) Call(Verdict::kFailing);
    REQUIRE(breaker.state() == State::kOpen);
  }
};

TEST_CASE("every pair of state and event does what the table says") {
  for (const State state : {State::kClosed, State::kOpen, State::kHalfOpen}) {
    for (const Event event : {Event::kTooManyFailures, Event::kCooledDown, Event::kProbesSucceeded,
                              Event::kProbeFailed}) {
      std::optional<State> expected;
      if (state == State::kClosed && event == Event::kTooManyFailures) expected = State::kOpen;
      if (state == State::kOpen && event == Event::kCooledDown) expected = State::kHalfOpen;
      if (state == State::kHalfOpen && event == Event::kProbesSucceeded) expected = State::kClosed;
      if (state == State::kHalfOpen && event == Event::kProbeFailed) expected = State::kOpen;
      CHECK(NextState(state, event) == expected);
    }
  }
}

TEST_CASE("it opens at the ratio and not below the minimum of calls") {
  Simulation s;
  for (int i = 0; i < 3; ++i) s.Call(Verdict::kFailing);
  CHECK(s.breaker.state() == State::kClosed);
  s.Call(Verdict::kFailing);
  CHECK(s.breaker.state() == State::kOpen);
}

TEST_CASE("healthy calls keep it closed, neutral ones count for nothing") {
  Simulation s;
  for (int i = 0; i < 5; ++i) s.Call(Verdict::kHealthy);
  for (int i = 0; i < 100; ++i) s.Call(Verdict::kNeutral);
  for (int i = 0; i < 4; ++i) s.Call(Verdict::kFailing);
  CHECK(s.breaker.state() == State::kClosed);
  s.Call(Verdict::kFailing);  // five of ten
  CHECK(s.breaker.state() == State::kOpen);
}

TEST_CASE("failures are forgotten with the window") {
  Simulation s;
  for (int i = 0; i < 3; ++i) s.Call(Verdict::kFailing);
  s.now += absl::Seconds(31);
  for (int i = 0; i < 3; ++i) s.Call(Verdict::kFailing);
  CHECK(s.breaker.state() == State::kClosed);
}

TEST_CASE("open it refuses, and says for how long") {
  Simulation s;
  s.Open();
  s.now += absl::Seconds(2);
  const auto admission = s.breaker.Admit(s.now);
  CHECK_FALSE(admission.permit);
  CHECK(admission.retry_after == absl::Seconds(3));
}

TEST_CASE("half-open it lets one probe through at a time and closes when enough succeeded") {
  Simulation s;
  s.Open();
  s.now += absl::Seconds(5);
  const auto probe = s.breaker.Admit(s.now).permit;
  REQUIRE(probe);
  CHECK(s.breaker.state() == State::kHalfOpen);
  const auto second = s.breaker.Admit(s.now);
  CHECK_FALSE(second.permit);
  CHECK(second.retry_after > absl::ZeroDuration());
  s.breaker.Record(*probe, Verdict::kHealthy, s.now);
  CHECK(s.breaker.state() == State::kHalfOpen);
  CHECK(s.Call(Verdict::kHealthy));
  CHECK(s.breaker.state() == State::kClosed);
}

TEST_CASE("a probe that fails opens it again, for longer each time, up to a limit") {
  Simulation s;
  s.Open();
  for (const int seconds : {5, 10, 15, 15}) {
    CHECK(s.breaker.Admit(s.now).retry_after == absl::Seconds(seconds));
    s.now += absl::Seconds(seconds);
    CHECK(s.Call(Verdict::kFailing));
    CHECK(s.breaker.state() == State::kOpen);
  }
  s.now += absl::Seconds(15);
  CHECK(s.Call(Verdict::kHealthy));
  CHECK(s.Call(Verdict::kHealthy));
  s.Open();  // well in between: back to the first duration
  CHECK(s.breaker.Admit(s.now).retry_after == absl::Seconds(5));
}

TEST_CASE("a neutral probe frees its place and proves nothing") {
  Simulation s;
  s.Open();
  s.now += absl::Seconds(5);
  CHECK(s.Call(Verdict::kNeutral));
  CHECK(s.breaker.state() == State::kHalfOpen);
  CHECK(s.Call(Verdict::kHealthy));
  CHECK(s.breaker.state() == State::kHalfOpen);
}

TEST_CASE("results of calls that began before the last change of state are ignored") {
  Simulation s;
  const auto slow = s.breaker.Admit(s.now).permit;
  REQUIRE(slow);
  s.Open();
  s.now += absl::Seconds(5);
  const auto probe = s.breaker.Admit(s.now).permit;
  REQUIRE(probe);
  s.breaker.Record(*slow, Verdict::kFailing, s.now);
  CHECK(s.breaker.state() == State::kHalfOpen);
  s.breaker.Record(*slow, Verdict::kHealthy, s.now);
  s.breaker.Record(*slow, Verdict::kHealthy, s.now);
  CHECK(s.breaker.state() == State::kHalfOpen);
}

}  // namespace
}  // namespace penstock::connector

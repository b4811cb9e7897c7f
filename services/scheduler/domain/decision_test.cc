#include "services/scheduler/domain/decision.h"

#include <catch2/catch.hpp>

namespace penstock::scheduler {
namespace {

absl::Time At(const std::string& text) {
  absl::Time time;
  std::string error;
  INFO(text);
  REQUIRE(absl::ParseTime(absl::RFC3339_full, "2026-03-01T" + text + "Z", &time, &error));
  return time;
}

// "10:01 pending, 10:02-10:05 x4 skipped MISSED".
std::string Describe(const Decision& decision) {
  std::string text;
  const auto clock = [](absl::Time time) {
    return absl::FormatTime("%H:%M", time, absl::UTCTimeZone());
  };
  for (const NewRun& run : decision.runs) {
    text += (text.empty() ? "" : ", ") + clock(run.nominal);
    if (run.instants > 1) {
      text += "-" + clock(run.last_nominal) + " x" + std::to_string(run.instants);
    }
    text += " " + std::string(Name(run.state)) + (run.reason.empty() ? "" : " " + run.reason);
  }
  return text;
}

// Due every minute; what was due until 10:00 is decided.
struct EveryMinute {
  EveryMinute() { schedule.decided_until = At("10:00:00"); }

  Decision Decided(const std::string& now, OpenRuns open = {}) const {
    recurrence::Spec spec{.rules = {.crons = {{recurrence::Dialect::kVixie, "* * * * *"}}}};
    spec.jitter = jitter;
    spec.end = end;
    const auto recurrence = recurrence::Recurrence::Create(spec);
    REQUIRE(recurrence.ok());
    return Decide(schedule, *recurrence, open, At(now));
  }
  std::string Runs(const std::string& now, OpenRuns open = {}) const {
    return Describe(Decided(now, open));
  }

  Schedule schedule;
  absl::Duration jitter;
  std::optional<absl::Time> end;
};

TEST_CASE_METHOD(EveryMinute, "what is due starts, and the next instant is known") {
  const Decision decision = Decided("10:01:00.2");
  CHECK(Describe(decision) == "10:01 pending");
  CHECK(decision.decided_until == At("10:01:00"));
  CHECK(decision.next_nominal == At("10:02:00"));
  CHECK(decision.next_run == At("10:02:00"));
  CHECK(decision.status == Status::kActive);
}

TEST_CASE_METHOD(EveryMinute, "what is not due yet does not start, also when the clock went back") {
  CHECK(Runs("10:00:59").empty());
  const Decision decision = Decided("09:00:00");
  CHECK(decision.runs.empty());
  CHECK(decision.next_nominal == At("10:01:00"));
  CHECK(decision.decided_until == At("10:00:00"));
}

TEST_CASE_METHOD(EveryMinute, "instants that could not be run in time are caught up as asked for") {
  // 10:05 is in time by 10 seconds, the four before it are not.
  const std::string now = "10:05:05";
  schedule.overlap = Overlap::kAllowAll;
  SECTION("none of them") {
    schedule.catch_up = CatchUp::kNone;
    CHECK(Runs(now) ==
          "10:01 skipped MISSED, 10:02 skipped MISSED, 10:03 skipped MISSED, 10:04 skipped MISSED, "
          "10:05 pending");
  }
  SECTION("the last of them") {
    CHECK(Runs(now) ==
          "10:01 skipped MISSED, 10:02 skipped MISSED, 10:03 skipped MISSED, 10:04 pending, "
          "10:05 pending");
  }
  SECTION("all of them") {
    schedule.catch_up = CatchUp::kAll;
    CHECK(Runs(now) == "10:01 pending, 10:02 pending, 10:03 pending, 10:04 pending, 10:05 pending");
  }
  SECTION("those in a window") {
    schedule.catch_up = CatchUp::kWindow;
    schedule.catch_up_window = absl::Minutes(3);
    CHECK(Runs(now) ==
          "10:01 skipped OUTSIDE_WINDOW, 10:02 skipped OUTSIDE_WINDOW, 10:03 pending, "
          "10:04 pending, 10:05 pending");
  }
}

TEST_CASE_METHOD(EveryMinute, "very many skipped instants are one row, counted") {
  schedule.catch_up = CatchUp::kNone;
  CHECK(Runs("12:00:30") == "10:01-12:00 x120 skipped MISSED");
  schedule.decided_until = At("10:00:00") - absl::Hours(24 * 30);
  const Decision month = Decided("10:00:30");
  REQUIRE(month.runs.size() == 1);
  CHECK(month.runs[0].instants == kMaxCounted + 1);
  CHECK(month.runs[0].last_nominal == At("10:00:00"));
  CHECK(month.decided_until == At("10:00:00"));
}

TEST_CASE_METHOD(EveryMinute, "what is caught up is bounded; the rest is due at once") {
  schedule.catch_up = CatchUp::kAll;
  schedule.overlap = Overlap::kAllowAll;
  const Decision decision = Decided("13:00:00");
  CHECK(decision.runs.size() == kMaxDecided);
  CHECK(decision.decided_until == At("11:40:00"));
  CHECK(decision.next_run == At("11:41:00"));
}

TEST_CASE_METHOD(EveryMinute, "an instant that comes while an earlier run is open") {
  const std::string now = "10:01:00";
  const auto runs = [&](Overlap overlap, OpenRuns open) {
    schedule.overlap = overlap;
    const Decision decision = Decided(now, open);
    const bool stops = decision.stops_started != Stop::kNone;
    return Describe(decision) + (stops ? ", " + std::string(Name(decision.stops_started)) : "") +
           (decision.supersedes_buffered ? ", supersedes" : "");
  };
  const OpenRuns one{.started = 1}, waiting{.started = 1, .buffered = 1};
  CHECK(runs(Overlap::kSkip, {}) == "10:01 pending");
  CHECK(runs(Overlap::kSkip, one) == "10:01 skipped OVERLAP");
  CHECK(runs(Overlap::kBufferOne, {}) == "10:01 pending");
  CHECK(runs(Overlap::kBufferOne, one) == "10:01 buffered");
  CHECK(runs(Overlap::kBufferOne, waiting) == "10:01 skipped BUFFER_FULL");
  CHECK(runs(Overlap::kBufferAll, waiting) == "10:01 buffered");
  CHECK(runs(Overlap::kBufferAll, {.started = 1, .buffered = kMaxBuffered}) ==
        "10:01 skipped BUFFER_FULL");
  CHECK(runs(Overlap::kCancelOther, {}) == "10:01 pending");
  CHECK(runs(Overlap::kCancelOther, one) == "10:01 buffered, cancel, supersedes");
  CHECK(runs(Overlap::kTerminateOther, one) == "10:01 pending, terminate, supersedes");
  CHECK(runs(Overlap::kAllowAll, waiting) == "10:01 pending");
}

TEST_CASE_METHOD(EveryMinute,
                 "of several instants at once each meets the runs of those before it") {
  const std::string now = "10:03:00";
  schedule.catch_up = CatchUp::kAll;
  schedule.overlap = Overlap::kSkip;
  CHECK(Runs(now) == "10:01 pending, 10:02 skipped OVERLAP, 10:03 skipped OVERLAP");
  schedule.overlap = Overlap::kBufferOne;
  CHECK(Runs(now) == "10:01 pending, 10:02 buffered, 10:03 skipped BUFFER_FULL");
  schedule.overlap = Overlap::kCancelOther;
  CHECK(Runs(now) == "10:01 skipped SUPERSEDED, 10:02 skipped SUPERSEDED, 10:03 pending");
}

TEST_CASE_METHOD(EveryMinute, "what passed while it was paused is skipped for that reason") {
  schedule.skip_until = At("10:03:30");
  schedule.skip_reason = kPausedThen;
  CHECK(Runs("10:03:30") == "10:01 skipped PAUSED, 10:02 skipped PAUSED, 10:03 skipped PAUSED");
  CHECK(Runs("10:04:00") ==
        "10:01 skipped PAUSED, 10:02 skipped PAUSED, 10:03 skipped PAUSED, 10:04 pending");
}

TEST_CASE_METHOD(EveryMinute, "a limit of runs ends the schedule; what is skipped does not count") {
  schedule.remaining_runs = 2;
  schedule.catch_up = CatchUp::kAll;
  schedule.overlap = Overlap::kAllowAll;
  const Decision decision = Decided("10:05:00");
  CHECK(Describe(decision) == "10:01 pending, 10:02 pending");
  CHECK(decision.remaining_runs == 0);
  CHECK(decision.status == Status::kCompleted);
  CHECK(decision.next_run == std::nullopt);
  schedule.overlap = Overlap::kSkip;
  CHECK(Decided("10:01:00", {.started = 1}).remaining_runs == 2);
}

TEST_CASE_METHOD(EveryMinute, "what makes room for a later run gives its place in the limit back") {
  schedule.remaining_runs = 5;
  schedule.overlap = Overlap::kCancelOther;
  CHECK(Decided("10:01:00", {.started = 1, .buffered = 1}).remaining_runs == 5);
}

TEST_CASE_METHOD(EveryMinute, "the last instant ends the schedule") {
  end = At("10:01:30");
  const Decision decision = Decided("10:01:00");
  CHECK(Describe(decision) == "10:01 pending");
  CHECK(decision.status == Status::kCompleted);
}

TEST_CASE_METHOD(EveryMinute, "with jitter an instant is due later, and in time when it is") {
  jitter = absl::Seconds(50);
  const Decision before = Decided("10:00:30");
  REQUIRE(before.next_run > At("10:01:00"));
  CHECK(before.next_run < At("10:01:50"));
  const std::string due = absl::FormatTime("%H:%M:%E6S", *before.next_run, absl::UTCTimeZone());
  CHECK(Runs("10:01:00").empty());
  schedule.catch_up = CatchUp::kNone;
  CHECK(Runs(due) == "10:01 pending");
}

TEST_CASE("names go both ways") {
  CHECK(FromName<Overlap>(Name(Overlap::kTerminateOther)) == Overlap::kTerminateOther);
  CHECK(FromName<CatchUp>(Name(CatchUp::kWindow)) == CatchUp::kWindow);
  CHECK(FromName<RunState>(Name(RunState::kSkipped)) == RunState::kSkipped);
  CHECK(FromName<Status>("asleep") == std::nullopt);
}

}  // namespace
}  // namespace penstock::scheduler

#include "services/workflow_engine/engine/execution.h"

#include <map>

#include "catch2/catch.hpp"
#include "libs/status/details.h"
#include "services/workflow_engine/engine/testing/player.h"

namespace penstock::workflow_engine {
namespace {

using Names = std::vector<std::string>;

Definition Line() {
  return {.nodes = {Trigger(), Function("f"), Node("r", "response", {{"template", "got {{result}}"}})},
          .edges = {Edge("trigger", "f"), Edge("f", "r")}};
}

TEST_CASE("a short run is one commit of inserts: nothing is ever open") {
  Player player(Line());
  player.Begin();
  CHECK(player.asked.contains("f"));
  player.Return("f", R"({"result":"x"})");
  CHECK(player.execution->state() == ExecutionState::kCompleted);
  player.Commit();
  CHECK(player.Recorded() == Names{"trigger COMPLETED", "f COMPLETED", "r COMPLETED"});
  CHECK(player.open.empty());
  CHECK(player.timers.empty());
  REQUIRE(player.execution_rows.size() == 1);
  CHECK(player.execution_rows[0].is_new);
  CHECK(player.events == Names{"workflow.execution.started", "workflow.execution.completed"});
  REQUIRE(player.execution->response());
  CHECK(player.execution->response()->body == "got x");
}

TEST_CASE("a function behind a trigger reads the trigger's output as its input") {
  Player player(Line());
  player.Begin();
  CHECK(player.asked.at("f").step.arguments[0] == R"({"type":"manual","data":{"n":1}})");
}

TEST_CASE("several predecessors make an object keyed by their ids, in branches that run side by side") {
  Player player({.nodes = {Trigger(), Function("a"), Function("b"), Function("c")},
                 .edges = {Edge("trigger", "a"), Edge("trigger", "b"), Edge("a", "c"), Edge("b", "c")}});
  player.Begin();
  REQUIRE(player.asked.size() == 2);
  player.Return("b", "2");
  CHECK_FALSE(player.asked.contains("c"));
  player.Return("a", "1");
  REQUIRE(player.asked.contains("c"));
  player.Return("c", "3");
  player.Commit();
  CHECK(player.InputOf("c") == R"({"a":1,"b":2})");
  CHECK(*player.execution->result() == "3");
}

TEST_CASE("the branch not taken is skipped, and so is what only it leads to") {
  Player player({.nodes = {Trigger(), Node("if", "condition", {{"expression", "input.data.n > 0"}}), Function("yes"), Function("no"), Function("after_no"),
                           Function("end")},
                 .edges = {Edge("trigger", "if"), Edge("if", "yes", "true"), Edge("if", "no", "false"), Edge("no", "after_no"), Edge("yes", "end"),
                           Edge("after_no", "end")}});
  player.Begin();
  player.Return("if", "true");
  CHECK(player.asked.contains("yes"));
  CHECK_FALSE(player.asked.contains("no"));
  player.Return("yes", "1");
  player.Return("end", "2");
  player.Commit();
  CHECK(player.execution->state() == ExecutionState::kCompleted);
  CHECK(player.InputOf("end") == R"({"yes":1})");
  Names recorded = player.Recorded();
  CHECK(std::count(recorded.begin(), recorded.end(), "no SKIPPED") == 1);
  CHECK(std::count(recorded.begin(), recorded.end(), "after_no SKIPPED") == 1);
}

TEST_CASE("conditions of edges are decided by the sandbox and recorded with the node") {
  Player player({.nodes = {Trigger(), Function("a"), Function("b"), Function("c")},
                 .edges = {Edge("trigger", "a"), Edge("a", "b", "", "input > 1"), Edge("a", "c", "", "input < 1")}});
  player.Begin();
  player.Return("a", "2");
  CHECK(player.asked.contains("a?0"));
  player.Return("a?1", "false");
  CHECK_FALSE(player.asked.contains("b"));
  player.Return("a?0", "true");
  CHECK(player.asked.contains("b"));
  player.Commit();
  for (const NodeRow& row : player.rows) {
    if (row.node_id == "a") CHECK(row.taken_edges == std::vector<int32_t>{0});
  }
  player.Crash();
  CHECK(player.asked.contains("b"));
  CHECK_FALSE(player.asked.contains("c"));
}

TEST_CASE("a join of any runs at the first, and only once") {
  Player player({.nodes = {Trigger(), Function("a"), Function("b"), Node("j", "join", {{"mode", "any"}}), Function("z")},
                 .edges = {Edge("trigger", "a"), Edge("trigger", "b"), Edge("a", "j"), Edge("b", "j"), Edge("j", "z")}});
  player.Begin();
  player.Return("b", "2");
  CHECK(player.asked.contains("z"));
  player.Return("z", "9");
  CHECK(player.execution->state() == ExecutionState::kRunning);
  player.Return("a", "1");
  CHECK(player.execution->state() == ExecutionState::kCompleted);
  player.Commit();
  Names recorded = player.Recorded();
  CHECK(std::count(recorded.begin(), recorded.end(), "j COMPLETED") == 1);
}

TEST_CASE("a failure that is not handled fails the execution and cancels what is open") {
  Player player({.nodes = {Trigger(), Function("a"), Function("b")}, .edges = {Edge("trigger", "a"), Edge("trigger", "b")}});
  player.Begin();
  player.Throw("a");
  CHECK(player.execution->state() == ExecutionState::kFailed);
  player.Commit();
  CHECK(player.Recorded() == Names{"trigger COMPLETED", "a FAILED", "b CANCELLED"});
  // The answer that comes too late changes nothing.
  player.Return("b", "1");
  CHECK_FALSE(player.execution->has_changes());
}

TEST_CASE("a failed attempt is recorded, waits for its delay and is tried again") {
  Definition definition = Line();
  definition.nodes[1].retry = RetryPolicy{.maximum_attempts = 2, .jitter = 0};
  Player player(definition);
  player.Begin();
  player.Throw("f");
  player.Commit();
  REQUIRE(player.timers.contains("f"));
  CHECK(player.open.at("f").held_by == HeldBy::kTimer);
  CHECK(player.timers.at("f").fires_at == kStart + absl::Seconds(1));
  player.Fire("f");
  REQUIRE(player.asked.contains("f"));
  player.Return("f", R"({"result":"ok"})");
  player.Commit();
  CHECK(player.execution->state() == ExecutionState::kCompleted);
  CHECK(player.open.empty());
  CHECK(player.timers.empty());
  CHECK(player.Recorded() == Names{"trigger COMPLETED", "f FAILED", "f COMPLETED", "r COMPLETED"});
  CHECK(player.rows[2].attempt == 2);
}

TEST_CASE("after a failure with on_error continue the next nodes get the error") {
  Definition definition{.nodes = {Trigger(), Function("a"), Function("next")}, .edges = {Edge("trigger", "a"), Edge("a", "next")}};
  definition.nodes[1].on_error = OnError::kContinue;
  Player player(definition);
  player.Begin();
  player.Throw("a");
  REQUIRE(player.asked.contains("next"));
  CHECK(Json::parse(player.asked.at("next").step.arguments[0])["error"]["type"] == "RangeError");
}

TEST_CASE("after a failure with on_error error_edge only that edge is taken") {
  Definition definition{.nodes = {Trigger(), Function("a"), Function("next"), Function("rescue")},
                        .edges = {Edge("trigger", "a"), Edge("a", "next"), Edge("a", "rescue", "error")}};
  definition.nodes[1].on_error = OnError::kErrorEdge;
  Player player(definition);
  player.Begin();
  player.Throw("a");
  CHECK_FALSE(player.asked.contains("next"));
  REQUIRE(player.asked.contains("rescue"));
  CHECK(Json::parse(player.asked.at("rescue").step.arguments[0])["error"]["type"] == "RangeError");
}

TEST_CASE("an exhausted failure may pause; resuming tries again") {
  Definition definition = Line();
  definition.nodes[1].on_error = OnError::kPause;
  Player player(definition);
  player.Begin();
  player.Throw("f");
  CHECK(player.execution->state() == ExecutionState::kPaused);
  player.Commit();
  CHECK(player.open.at("f").held_by == HeldBy::kToken);
  player.Crash();
  CHECK(player.asked.empty());
  REQUIRE(player.execution->Resume(player.now).ok());
  player.Gather();
  player.Return("f", R"({"result":"ok"})");
  CHECK(player.execution->state() == ExecutionState::kCompleted);
}

TEST_CASE("while paused nothing new starts, and what runs may finish") {
  Player player(Line());
  player.Begin();
  REQUIRE(player.execution->Pause(player.now).ok());
  player.Commit();
  player.Return("f", R"({"result":"x"})");
  player.Commit();
  CHECK(player.execution->state() == ExecutionState::kPaused);
  CHECK(player.open.at("r").held_by == HeldBy::kQueue);
  player.Crash();
  REQUIRE(player.execution->Resume(player.now).ok());
  CHECK(player.execution->state() == ExecutionState::kCompleted);
  player.Commit();
  CHECK(player.open.empty());
}

TEST_CASE("a wait that ended while paused is over, whatever happens before the resume") {
  bool crash = GENERATE(false, true);
  Player player({.nodes = {Trigger(), Node("w", "wait", {{"duration", "1h"}}), Function("f")}, .edges = {Edge("trigger", "w"), Edge("w", "f")}});
  player.Begin();
  player.Commit();
  REQUIRE(player.execution->Pause(player.now).ok());
  player.Commit();
  player.Fire("w");
  player.Commit();
  CHECK(player.open.at("w").held_by == HeldBy::kQueue);
  CHECK(player.open.at("w").wake_at == kStart + absl::Hours(1));
  CHECK(player.timers.empty());
  if (crash) player.Crash();
  REQUIRE(player.execution->Resume(player.now).ok());
  player.Gather();
  CHECK(player.asked.contains("f"));
  player.Return("f", "1");
  player.Commit();
  CHECK(player.execution->state() == ExecutionState::kCompleted);
  CHECK(player.open.empty());
}

// trigger -> reserve -> charge -> ship, of which the first two can be undone.
Definition Saga() {
  Definition saga{.nodes = {Trigger(), Function("reserve"), Function("charge"), Function("ship"), Function("release"), Function("refund")},
                  .edges = {Edge("trigger", "reserve"), Edge("reserve", "charge"), Edge("charge", "ship")}};
  saga.nodes[1].compensate_with = "release";
  saga.nodes[2].compensate_with = "refund";
  return saga;
}

TEST_CASE("a failed execution undoes what completed, the latest first, wherever it crashes") {
  int crash_after = GENERATE(-1, 0, 1, 2, 3, 4);
  Player player(Saga());
  int commits = 0;
  auto commit = [&] {
    player.Commit();
    if (commits++ == crash_after) player.Crash();
  };
  player.Begin();
  commit();
  player.Return("reserve", R"("r-1")");
  commit();
  player.Return("charge", R"("c-1")");
  commit();
  player.Throw("ship");
  CHECK(player.execution->state() == ExecutionState::kRunning);
  CHECK_FALSE(player.asked.contains("release"));
  commit();
  player.Return("refund", "1");
  commit();
  CHECK(player.execution_rows.back().ending == ExecutionState::kFailed);
  player.Return("release", "1");
  player.Commit();
  CHECK(player.execution->state() == ExecutionState::kFailed);
  CHECK(player.execution_rows.back().ending == std::nullopt);
  CHECK(player.execution_rows.back().error->find("boom") != std::string::npos);
  CHECK(player.Recorded() == std::vector<std::string>{"trigger COMPLETED", "reserve COMPLETED", "charge COMPLETED", "ship FAILED",
                                                      "refund COMPLETED", "release COMPLETED"});
  CHECK(player.InputOf("refund").find(R"("nodeId":"charge")") != std::string::npos);
  CHECK(player.InputOf("refund").find(R"("output":"c-1")") != std::string::npos);
  CHECK(player.InputOf("refund").find("boom") != std::string::npos);
  CHECK(player.open.empty());
  CHECK(std::count(player.events.begin(), player.events.end(), "workflow.execution.compensating") == 1);
}

TEST_CASE("only what completed is undone, and an execution that completes undoes nothing") {
  Player player(Saga());
  player.Begin();
  SECTION("one node") {
    player.Return("reserve", "1");
    player.Throw("charge");
    player.Return("release", "1");
    CHECK(player.execution->state() == ExecutionState::kFailed);
    CHECK(player.asked.empty());
  }
  SECTION("none") {
    player.Throw("reserve");
    CHECK(player.execution->state() == ExecutionState::kFailed);
  }
  SECTION("success") {
    for (const char* node : {"reserve", "charge", "ship"}) player.Return(node, "1");
    CHECK(player.execution->state() == ExecutionState::kCompleted);
    CHECK(player.asked.empty());
  }
}

TEST_CASE("a compensation that fails is retried, never hides the first error and does not stop the others") {
  Definition saga = Saga();
  saga.nodes[5].retry = RetryPolicy{.maximum_attempts = 2, .jitter = 0};
  Player player(saga);
  player.Begin();
  player.Return("reserve", "1");
  player.Return("charge", "1");
  player.Throw("ship");
  player.Commit();
  std::string first_error = *player.execution->error();
  player.Throw("refund");
  player.Commit();
  CHECK(player.asked.empty());
  player.Fire("refund");
  player.Throw("refund");
  player.Return("release", "1");
  CHECK(player.execution->state() == ExecutionState::kFailed);
  CHECK(*player.execution->error() == first_error);
}

TEST_CASE("a cancelled execution is undone, too, and ends as cancelled") {
  bool crash = GENERATE(false, true);
  Player player(Saga());
  player.Begin();
  player.Return("reserve", "1");
  player.Commit();
  REQUIRE(player.execution->Cancel("enough", player.now).ok());
  player.Gather();
  CHECK(player.execution->state() == ExecutionState::kRunning);
  CHECK(player.execution->Cancel("again", player.now).ok());
  player.Commit();
  if (crash) player.Crash();
  REQUIRE(player.execution->Pause(player.now).ok());
  REQUIRE(player.execution->Resume(player.now).ok());
  player.Return("release", "1");
  player.Commit();
  CHECK(player.execution->state() == ExecutionState::kCancelled);
  CHECK(player.open.empty());
}

TEST_CASE("what fails while it compensates cannot be cancelled or time out") {
  Player player(Saga());
  player.Begin();
  player.Return("reserve", "1");
  player.Throw("charge");
  CHECK(ReasonOf(player.execution->Cancel("late", player.now)) == "ALREADY_ENDED");
  player.execution->OnExecutionTimeout(player.now);
  player.Return("release", "1");
  CHECK(player.execution->state() == ExecutionState::kFailed);
}

TEST_CASE("cancelling wins over results, timers and retries still to come") {
  Definition definition = Line();
  definition.nodes[1].retry = RetryPolicy{.maximum_attempts = 5, .jitter = 0};
  Player player(definition);
  player.Begin();
  player.Throw("f");
  player.Commit();
  TimerRow timer = player.timers.at("f");
  REQUIRE(player.execution->Cancel("enough", player.now).ok());
  player.Commit();
  CHECK(player.timers.empty());
  CHECK(player.open.empty());
  player.execution->OnTimer(1, timer.visit, timer.fires_at, timer.fires_at);
  player.Gather();
  CHECK(player.asked.empty());
  CHECK(player.execution->state() == ExecutionState::kCancelled);
  CHECK(player.execution->Cancel("again", player.now).ok());
  CHECK(ReasonOf(player.execution->Cancel("again", player.now)).empty());
  CHECK(player.execution->Pause(player.now).code() == absl::StatusCode::kFailedPrecondition);
}

TEST_CASE("a terminated execution is over at once, and nothing of it is undone") {
  Player player(Saga());
  player.Begin();
  player.Return("reserve", "1");
  player.Commit();
  REQUIRE(player.execution->Terminate("stop", player.now).ok());
  CHECK(player.execution->state() == ExecutionState::kTerminated);
  player.Gather();
  player.Commit();
  CHECK(player.open.empty());
  CHECK(player.timers.empty());
  player.Return("charge", "1");
  CHECK(player.asked.empty());
  CHECK(player.execution->state() == ExecutionState::kTerminated);
  CHECK(player.execution->error()->find(R"("message":"stop")") != std::string::npos);
  CHECK(player.execution->Terminate("again", player.now).ok());
  CHECK(ReasonOf(player.execution->Cancel("late", player.now)) == "ALREADY_ENDED");
  CHECK(player.execution->Pause(player.now).code() == absl::StatusCode::kFailedPrecondition);
}

TEST_CASE("terminating ends an execution that is being undone") {
  bool crash = GENERATE(false, true);
  Player player(Saga());
  player.Begin();
  player.Return("reserve", "1");
  player.Commit();
  REQUIRE(player.execution->Cancel("enough", player.now).ok());
  player.Gather();
  player.Commit();
  if (crash) player.Crash();
  REQUIRE(player.execution->Terminate("stop", player.now).ok());
  player.Commit();
  CHECK(player.execution->state() == ExecutionState::kTerminated);
  CHECK(player.open.empty());
}

TEST_CASE("terminating wins over timers and retries, also while paused") {
  bool paused = GENERATE(false, true);
  Definition definition = Line();
  definition.nodes[1].retry = RetryPolicy{.maximum_attempts = 5, .jitter = 0};
  Player player(definition);
  player.Begin();
  player.Throw("f");
  player.Commit();
  TimerRow timer = player.timers.at("f");
  if (paused) REQUIRE(player.execution->Pause(player.now).ok());
  REQUIRE(player.execution->Terminate("", player.now).ok());
  player.Commit();
  CHECK(player.timers.empty());
  CHECK(player.open.empty());
  player.execution->OnTimer(1, timer.visit, timer.fires_at, timer.fires_at);
  player.Gather();
  CHECK(player.asked.empty());
  CHECK(player.execution->state() == ExecutionState::kTerminated);
}

TEST_CASE("what has ended cannot be terminated") {
  Player player(Line());
  player.Begin();
  player.Return("f", R"({"result":"x"})");
  REQUIRE(player.execution->over());
  CHECK(ReasonOf(player.execution->Terminate("late", player.now)) == "ALREADY_ENDED");
}

TEST_CASE("a wait is a timer, and survives a crash") {
  Player player({.nodes = {Trigger(), Node("w", "wait", {{"duration", "2s"}}), Function("f")}, .edges = {Edge("trigger", "w"), Edge("w", "f")}});
  player.Begin();
  Collected collected = player.Commit();
  REQUIRE(collected.timers.size() == 1);
  CHECK(collected.timers[0].fires_at == kStart + absl::Seconds(2));
  CHECK(player.execution->idle());
  player.Crash();
  CHECK(player.execution->idle());
  player.Fire("w");
  CHECK(player.asked.contains("f"));
  player.Return("f", "1");
  player.Commit();
  CHECK(player.execution->state() == ExecutionState::kCompleted);
  CHECK(player.open.empty());
  CHECK(player.timers.empty());
}

TEST_CASE("an effect is handed out only with the commit of its intent, and again with the same key after a crash") {
  Player player({.nodes = {Trigger(), Node("h", "http_request", {{"url", "https://example.com/"}, {"method", "POST"}})}, .edges = {Edge("trigger", "h")}});
  player.Begin();
  CHECK(player.execution->wants_commit());
  Collected first = player.Commit();
  REQUIRE(first.effects.size() == 1);
  CHECK(player.open.at("h").held_by == HeldBy::kLease);
  player.Crash();
  Collected second = player.Commit();
  REQUIRE(second.effects.size() == 1);
  CHECK(std::get<PerformHttp>(first.effects[0].step).headers == std::get<PerformHttp>(second.effects[0].step).headers);
  player.execution->OnResult(second.effects[0].node, second.effects[0].ticket, -1, HttpResponse{200, {}, "ok"}, player.now);
  CHECK(player.execution->state() == ExecutionState::kCompleted);
  player.Commit();
  CHECK(player.rows.back().attempt == 1);
}

TEST_CASE("an execution has a time limit") {
  Definition definition = Line();
  definition.timeout = absl::Seconds(10);
  Player player(definition);
  player.Begin();
  Collected collected = player.Commit();
  REQUIRE(collected.timers.size() == 1);
  CHECK(collected.timers[0].purpose == TimerPurpose::kExecutionTimeout);
  player.execution->OnExecutionTimeout(kStart + absl::Seconds(10));
  CHECK(player.execution->state() == ExecutionState::kTimedOut);
  player.Commit();
  CHECK(player.open.empty());
  CHECK(player.timers.empty());
}

TEST_CASE("stop ends the execution with its output") {
  Player player({.nodes = {Trigger(), Function("slow"), Node("s", "stop", {{"output", "early"}})}, .edges = {Edge("trigger", "slow"), Edge("trigger", "s")}});
  player.Begin();
  CHECK(player.execution->state() == ExecutionState::kCompleted);
  CHECK(*player.execution->result() == R"("early")");
}

// A crash after any commit of any of these runs, at any point, leads to the same end.
TEST_CASE("recovery from every commit ends as the run without a crash") {
  Definition definition{.nodes = {Trigger(), Function("a"), Node("w", "wait", {{"duration", "1s"}}), Function("b"), Node("j", "join"), Node("r", "response", {{"template", "{{a}} {{b}}"}})},
                        .edges = {Edge("trigger", "a"), Edge("trigger", "w"), Edge("w", "b"), Edge("a", "j"), Edge("b", "j"), Edge("j", "r")}};
  for (int crash_after = 0; crash_after < 5; ++crash_after) {
    Player player(definition);
    int step = 0;
    auto commit = [&] {
      player.Commit();
      if (step++ == crash_after) player.Crash();
    };
    player.Begin();
    commit();
    player.Return("a", "1");
    commit();
    player.Fire("w");
    commit();
    player.Return("b", "2");
    commit();
    CHECK(player.execution->state() == ExecutionState::kCompleted);
    CHECK(player.open.empty());
    CHECK(player.timers.empty());
    std::map<std::string, int> outcomes;
    for (const NodeRow& row : player.rows) ++outcomes[std::string(row.node_id)];
    for (const auto& [node, count] : outcomes) CHECK(count == 1);
    for (size_t i = 0; i < player.rows.size(); ++i) CHECK(player.rows[i].sequence == static_cast<int>(i + 1));
  }
}

}  // namespace
}  // namespace penstock::workflow_engine

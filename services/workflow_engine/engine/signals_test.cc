#include "catch2/catch.hpp"
#include "fmt/format.h"
#include "libs/status/details.h"
#include "services/workflow_engine/engine/testing/player.h"

namespace penstock::workflow_engine {
namespace {

Signal Approval(std::string payload, std::string dedupe_id = "") { return {"approval", std::move(dedupe_id), MakeText(std::move(payload))}; }

Definition Approvals(Json config = {{"signal", "approval"}}) {
  return {.nodes = {Trigger(), Node("first", "wait_for_signal", config), Node("second", "wait_for_signal", std::move(config))},
          .edges = {Edge("trigger", "first"), Edge("first", "second")}};
}

TEST_CASE("signals are kept in their order, also before anybody waits, and each node takes one") {
  Player player({.nodes = {Trigger(), Function("f"), Node("first", "wait_for_signal", {{"signal", "approval"}}),
                           Node("second", "wait_for_signal", {{"signal", "approval"}})},
                 .edges = {Edge("trigger", "f"), Edge("f", "first"), Edge("first", "second")}});
  player.Begin();
  player.Commit();
  CHECK(player.Receive(Approval("1")).ok());
  CHECK(player.Receive(Approval("2")).ok());
  CHECK(player.execution->wants_commit());
  player.Commit();
  REQUIRE(player.signals.size() == 2);
  CHECK(player.signals[1].sequence == 2);
  player.Return("f", "{}");
  player.Commit();
  CHECK(player.execution->state() == ExecutionState::kCompleted);
  REQUIRE(player.rows.size() == 4);
  CHECK(*player.rows[2].output == "1");
  CHECK(*player.rows[3].output == "2");
  CHECK(player.open.empty());
}

TEST_CASE("a node that waits for a signal is held by nothing else, and goes on when it comes") {
  Player player(Approvals());
  player.Begin();
  Collected collected = player.Commit();
  CHECK(collected.timers.empty());
  CHECK(player.open.at("first").held_by == HeldBy::kSignal);
  CHECK(player.open.at("first").state == NodeState::kWaiting);
  CHECK(player.execution->idle());
  CHECK(player.execution->next_wake() == absl::InfiniteFuture());
  CHECK(player.Receive(Approval(R"({"by":"ann"})")).ok());
  player.Commit();
  CHECK_FALSE(player.open.contains("first"));
  CHECK(player.InputOf("first") == R"({"type":"manual","data":{"n":1}})");
  CHECK(player.open.contains("second"));
}

TEST_CASE("a signal with an id that came before changes nothing") {
  Player player(Approvals());
  player.Begin();
  CHECK(player.Receive(Approval("1", "a")).ok());
  player.Commit();
  CHECK(player.Receive(Approval("2", "a")).ok());
  CHECK_FALSE(player.execution->has_changes());
  player.Crash();
  CHECK(player.Receive(Approval("3", "a")).ok());
  CHECK_FALSE(player.execution->has_changes());
  CHECK(player.Receive(Approval("4", "b")).ok());
  player.Commit();
  CHECK(player.execution->state() == ExecutionState::kCompleted);
  CHECK(*player.rows.back().output == "4");
}

TEST_CASE("a crash after any commit receives every signal once and in order") {
  for (int crash_after = 0; crash_after < 6; ++crash_after) {
    INFO("crash after commit " << crash_after);
    Player player({.nodes = {Trigger(), Node("a", "wait_for_signal", {{"signal", "approval"}}), Function("f"),
                             Node("b", "wait_for_signal", {{"signal", "approval"}}), Node("c", "wait_for_signal", {{"signal", "approval"}})},
                   .edges = {Edge("trigger", "a"), Edge("a", "f"), Edge("f", "b"), Edge("b", "c")}});
    int step = 0;
    auto commit = [&] {
      player.Commit();
      if (step++ == crash_after) player.Crash();
    };
    player.Begin();
    commit();
    for (int n = 1; n <= 3; ++n) {
      CHECK(player.Receive(Approval(fmt::format("{}", n))).ok());
      commit();
    }
    player.Return("f", "{}");
    commit();
    CHECK(player.execution->state() == ExecutionState::kCompleted);
    std::vector<std::string> received;
    for (const NodeRow& row : player.rows) {
      if (row.node_type == "wait_for_signal") received.push_back(*row.output);
    }
    CHECK(received == std::vector<std::string>{"1", "2", "3"});
    CHECK(player.open.empty());
  }
}

TEST_CASE("a wait for a signal ends by its time-out, and a signal that comes later is for the next") {
  Player player(Approvals({{"signal", "approval"}, {"timeout", "1h"}}));
  player.Begin();
  Collected collected = player.Commit();
  REQUIRE(collected.timers.size() == 1);
  CHECK(player.open.at("first").held_by == HeldBy::kSignal);
  CHECK(player.open.at("first").wake_at == kStart + absl::Hours(1));
  player.Crash();
  player.Fire("first");
  player.Commit();
  CHECK(player.rows.back().branch == "timeout");
  CHECK(player.Receive(Approval("7")).ok());
  player.Commit();
  CHECK(player.execution->state() == ExecutionState::kCompleted);
  CHECK(*player.rows.back().output == "7");
  CHECK(player.timers.empty());
}

TEST_CASE("a paused execution keeps its signals until it is resumed") {
  Player player(Approvals());
  player.Begin();
  CHECK(player.execution->Pause(player.now).ok());
  player.Commit();
  CHECK(player.Receive(Approval("1")).ok());
  player.Commit();
  CHECK(player.open.contains("first"));
  player.Crash();
  CHECK(player.open.contains("first"));
  CHECK(player.execution->Resume(player.now).ok());
  player.Commit();
  CHECK_FALSE(player.open.contains("first"));
  CHECK(*player.rows.back().output == "1");
}

TEST_CASE("a condition that fails behind a wait gives the signal back for the next attempt") {
  Definition definition = Approvals();
  definition.nodes[1].retry = RetryPolicy{.maximum_attempts = 2};
  definition.edges[1].condition = "input.ok";
  Player player(definition);
  player.Begin();
  CHECK(player.Receive(Approval(R"({"ok":true})")).ok());
  sandbox::Outcome crashed;
  crashed.kind = sandbox::OutcomeKind::kCrashed;
  player.Answer("first?0", crashed);
  player.Commit();
  player.Fire("first");
  CHECK(player.asked.contains("first?0"));
  player.Return("first?0", "true");
  player.Commit();
  CHECK(*player.rows.back().output == R"({"ok":true})");
}

TEST_CASE("signals that nobody receives are bounded") {
  Player player({.nodes = {Trigger(), Function("f"), Node("w", "wait_for_signal", {{"signal", "approval"}})},
                 .edges = {Edge("trigger", "f"), Edge("f", "w")}});
  player.Begin();
  const std::string large = '"' + std::string((1 << 20) - 2, 'x') + '"';
  for (int i = 0; i < 8; ++i) CHECK(player.Receive(Approval(large)).ok());
  CHECK(absl::IsResourceExhausted(player.Receive(Approval(large))));
  player.Return("f", "{}");
  CHECK(player.execution->state() == ExecutionState::kCompleted);
  player.Commit();
  CHECK(player.signals.size() == 8);
}

TEST_CASE("a signal that nobody waits for is refused, but for cancel") {
  Player player(Approvals());
  player.Begin();
  absl::Status status = player.Receive({"aproval", "", MakeText("1")});
  CHECK(absl::IsFailedPrecondition(status));
  CHECK(ReasonOf(status) == "UNKNOWN_SIGNAL");
  CHECK(player.Receive({"cancel", "", MakeText(R"({"reason":"enough"})")}).ok());
  CHECK(player.execution->state() == ExecutionState::kCancelled);
  CHECK(player.execution->error()->find("enough") != std::string::npos);
  CHECK(absl::IsFailedPrecondition(player.Receive(Approval("1"))));
  player.Commit();
  CHECK(player.open.empty());
}

TEST_CASE("a step of another service is handed out with the commit of its intent, and again with the same key after a crash") {
  Player player({.nodes = {Trigger(), Node("s", "service_step", {{"service", "interfaces-service"}, {"step", "x"}, {"input", {{"n", "{{trigger.data.n}}"}}}})},
                 .edges = {Edge("trigger", "s")}});
  player.Begin();
  Collected first = player.Commit();
  REQUIRE(first.effects.size() == 1);
  CHECK(std::get<CallService>(first.effects[0].step).input == R"({"n":1})");
  CHECK(player.open.at("s").held_by == HeldBy::kLease);
  player.Crash();
  Collected second = player.Commit();
  REQUIRE(second.effects.size() == 1);
  CHECK(std::get<CallService>(first.effects[0].step).idempotency_key == std::get<CallService>(second.effects[0].step).idempotency_key);
  player.execution->OnResult(second.effects[0].node, second.effects[0].ticket, -1, ServiceReply{std::string("{}")}, player.now);
  player.Commit();
  CHECK(player.execution->state() == ExecutionState::kCompleted);
}

TEST_CASE("what a response node answered is known again after a crash, with its head") {
  Player player({.nodes = {Trigger(), Node("r", "response", {{"template", "waited"}, {"status", 201}, {"headers", {{"X-A", "b"}}}}),
                           Node("w", "wait", {{"duration", "1h"}})},
                 .edges = {Edge("trigger", "r"), Edge("r", "w")}});
  player.Begin();
  player.Commit();
  player.Crash();
  REQUIRE(player.execution->response().has_value());
  CHECK(player.execution->response()->http_status == 201);
  CHECK(player.execution->response()->body == "waited");
  CHECK(player.execution->response()->content_type == kTextContentType);
  CHECK(player.execution->response()->headers.size() == 1);
}

}  // namespace
}  // namespace penstock::workflow_engine

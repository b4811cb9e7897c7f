#include "services/workflow_engine/nodes/function/function.h"

#include <catch2/catch.hpp>

#include "services/workflow_engine/nodes/testing/compile.h"
#include "services/workflow_engine/nodes/testing/fake_context.h"

namespace penstock::workflow_engine {
namespace {

CompiledNode Compiled(const char* config) { return CompileNode(*MakeFunctionType(), config); }

TEST_CASE("code gets its input, and only what its text mentions besides") {
  FakeContext context(R"({"a":1})");
  context.variables_text = R"({"v":2})";
  context.outputs["load"] = "[3]";
  CHECK(Describe(Compiled(R"({"code":"return input;"})").program->Begin(context)) ==
        R"(Evaluate input={"a":1})");
  CHECK(Describe(Compiled(R"({"code":"return variables.v + nodes.load.output[0]"})")
                     .program->Begin(context)) ==
        R"(Evaluate input={"a":1} nodes={"load":{"output":[3]}} variables={"v":2})");
  CHECK(Describe(Compiled(R"({"code":"return [trigger.type, execution.id, myvariables]"})")
                     .program->Begin(context)) ==
        "Evaluate input={\"a\":1} trigger=" + context.trigger_text + " execution={\"id\":\"e1\"}");
}

TEST_CASE("an escaped name is a mention too") {
  CHECK(Describe(Compiled(R"({"code":"return v\\u0061riables"})").program->Begin(FakeContext()))
            .find("variables=") != std::string::npos);
}

TEST_CASE("the value that comes back is the output") {
  const CompiledNode node = Compiled(R"({"code":"return 1"})");
  CHECK(Describe(node.program->Resume(FakeContext(), Value(R"({"x":1})"))) == R"(Complete {"x":1})");
}

TEST_CASE("a thrown error keeps its name, message and stack") {
  const CompiledNode node = Compiled(R"({"code":"return 1"})");
  sandbox::Outcome outcome = Threw("TypeError", "x is undefined");
  outcome.error_stack = "@code:1";
  const Step step = node.program->Resume(FakeContext(), outcome);
  const NodeError& error = std::get<Fail>(step).error;
  CHECK(error.type == "TypeError");
  CHECK(error.message == "x is undefined");
  CHECK(error.stack == "@code:1");
  CHECK_FALSE(error.retryable);
}

TEST_CASE("what the code does is tried again only where the author says so") {
  const std::unique_ptr<NodeType> type = MakeFunctionType();
  NodeDefinition definition;
  definition.config = Json::parse(R"({"code":"return 1"})");
  std::vector<Problem> problems;
  const auto retryable = [&](sandbox::OutcomeKind kind) {
    sandbox::Outcome outcome;
    outcome.kind = kind;
    const Step step = type->Compile(definition, problems)->Resume(FakeContext(), outcome);
    return std::get<Fail>(step).error.retryable;
  };
  using Kind = sandbox::OutcomeKind;
  for (Kind kind : {Kind::kCrashed, Kind::kUnavailable}) CHECK(retryable(kind));
  for (Kind kind : {Kind::kThrew, Kind::kTimedOut, Kind::kInvalid, Kind::kOutOfMemory, Kind::kTooLarge}) {
    CHECK_FALSE(retryable(kind));
  }
  definition.retry.emplace();
  for (Kind kind : {Kind::kThrew, Kind::kTimedOut, Kind::kCrashed}) CHECK(retryable(kind));
  for (Kind kind : {Kind::kInvalid, Kind::kOutOfMemory, Kind::kTooLarge}) CHECK_FALSE(retryable(kind));
}

TEST_CASE("limits of the config reach the sandbox") {
  const CompiledNode node =
      Compiled(R"({"code":"return 1","timeout_seconds":30,"memory_mib":16})");
  const Step step = node.program->Begin(FakeContext());
  const sandbox::Limits& limits = std::get<Evaluate>(step).limits;
  CHECK(limits.wall_time == absl::Seconds(30));
  CHECK(limits.cpu_time == absl::Seconds(6));
  CHECK(limits.heap_bytes == 16 << 20);
}

TEST_CASE("the code is offered for a check of its syntax") {
  const auto scripts = Compiled(R"({"code":"return 1"})").program->scripts();
  REQUIRE(scripts.size() == 1);
  CHECK(scripts[0].field == "config.code");
  CHECK(scripts[0].script->source() == "return 1");
}

TEST_CASE("config without code, or with too much of it, is refused") {
  CHECK(Compiled("{}").Written() == "config.code: is required\n");
  CHECK_FALSE(Compiled(R"({"code":""})").problems.empty());
  CHECK_FALSE(Compiled(R"({"code":"x","memory_mib":100000})").problems.empty());
}

}  // namespace
}  // namespace penstock::workflow_engine

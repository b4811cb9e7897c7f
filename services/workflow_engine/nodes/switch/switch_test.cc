#include "services/workflow_engine/nodes/switch/switch.h"

#include <catch2/catch.hpp>

#include "services/workflow_engine/nodes/testing/compile.h"
#include "services/workflow_engine/nodes/testing/fake_context.h"

namespace penstock::workflow_engine {
namespace {

CompiledNode Compiled(const char* config) { return CompileNode(*MakeSwitchType(), config); }

constexpr const char* kByValue =
    R"({"expression":"input.s","cases":[{"label":"paid","value":"P"},{"label":"none","value":null}]})";

std::string SourceOf(const CompiledNode& node) {
  const Step step = node.program->Begin(FakeContext());
  return std::get<Evaluate>(step).script->source();
}

TEST_CASE("the first case that fits gives the branch, else default") {
  const CompiledNode node = Compiled(kByValue);
  const FakeContext context(R"({"s":"P"})");
  CHECK(Describe(node.program->Resume(context, Value("0"))) == R"(Complete {"s":"P"} -> paid)");
  CHECK(Describe(node.program->Resume(context, Value("1"))) == R"(Complete {"s":"P"} -> none)");
  CHECK(Describe(node.program->Resume(context, Value("-1"))) == R"(Complete {"s":"P"} -> default)");
  CHECK(Describe(node.program->Resume(context, Value("2"))) == "Fail INTERNAL");
}

TEST_CASE("cases become one expression, tried in order") {
  CHECK(SourceOf(Compiled(kByValue)) ==
        "(($value) => $value === \"P\" ? 0 : $value === null ? 1 :  -1)(\ninput.s\n)");
  CHECK(SourceOf(Compiled(
            R"({"cases":[{"label":"a","when":"input.x // c"},{"label":"b","when":"true"}]})")) ==
        "(\ninput.x // c\n) ? 0 : (\ntrue\n) ? 1 : -1");
}

TEST_CASE("every expression is offered for a check of its syntax") {
  const auto scripts =
      Compiled(R"({"cases":[{"label":"a","when":"1"},{"label":"b","when":"2"}]})").program->scripts();
  REQUIRE(scripts.size() == 2);
  CHECK(scripts[1].field == "config.cases[1].when");
  CHECK(Compiled(kByValue).program->scripts()[0].field == "config.expression");
}

TEST_CASE("branches are the labels and default") {
  const CompiledNode node = Compiled(kByValue);
  CHECK(MakeSwitchType()->branches(node.definition) ==
        std::vector<std::string>{"paid", "none", "default"});
}

TEST_CASE("labels must differ and leave default and error alone") {
  CHECK(Compiled(R"({"cases":[{"label":"a","when":"1"},{"label":"a","when":"2"}]})").Written() ==
        "config.cases[1].label: repeats \"a\"\n");
  CHECK_FALSE(Compiled(R"({"cases":[{"label":"error","when":"1"}]})").problems.empty());
  CHECK_FALSE(Compiled(R"({"cases":[{"label":"default","when":"1"}]})").problems.empty());
}

TEST_CASE("values go with an expression, conditions without") {
  CHECK_FALSE(Compiled(R"({"cases":[{"label":"a","value":1}]})").problems.empty());
  CHECK_FALSE(Compiled(R"({"expression":"1","cases":[{"label":"a","when":"1"}]})").problems.empty());
  CHECK_FALSE(Compiled(R"({"cases":[]})").problems.empty());
}

}  // namespace
}  // namespace penstock::workflow_engine

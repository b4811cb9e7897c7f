#include "services/workflow_engine/nodes/condition/condition.h"

#include <catch2/catch.hpp>

#include "services/workflow_engine/nodes/testing/compile.h"
#include "services/workflow_engine/nodes/testing/fake_context.h"

namespace penstock::workflow_engine {
namespace {

TEST_CASE("the answer of the expression is the branch, and the input passes through") {
  const CompiledNode node = CompileNode(*MakeConditionType(), R"({"expression":"input.a > 1"})");
  const FakeContext context(R"({"a":2})");
  CHECK(Describe(node.program->Begin(context)) == R"(Evaluate input={"a":2})");
  CHECK(Describe(node.program->Resume(context, Value("true"))) == R"(Complete {"a":2} -> true)");
  CHECK(Describe(node.program->Resume(context, Value("false"))) == R"(Complete {"a":2} -> false)");
  CHECK(Describe(node.program->Resume(context, Threw("TypeError", "no"))) == "Fail TypeError");
}

TEST_CASE("a trailing comment does not swallow the rest of what is evaluated") {
  const CompiledNode node = CompileNode(*MakeConditionType(), R"({"expression":"input.a // why"})");
  const Step step = node.program->Begin(FakeContext());
  CHECK(std::get<Evaluate>(step).script->source() == "Boolean(\ninput.a // why\n)");
}

TEST_CASE("syntax is checked on the expression as written") {
  const CompiledNode node = CompileNode(*MakeConditionType(), R"({"expression":"1) || (2"})");
  CHECK(node.program->scripts()[0].script->source() == "1) || (2");
}

TEST_CASE("a condition has two branches") {
  CHECK(MakeConditionType()->branches({}) == std::vector<std::string>{"true", "false"});
}

}  // namespace
}  // namespace penstock::workflow_engine

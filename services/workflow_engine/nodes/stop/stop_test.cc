#include "services/workflow_engine/nodes/stop/stop.h"

#include <catch2/catch.hpp>

#include "services/workflow_engine/nodes/testing/compile.h"
#include "services/workflow_engine/nodes/testing/fake_context.h"

namespace penstock::workflow_engine {
namespace {

TEST_CASE("it stops with the given result, or the input") {
  const FakeContext context(R"({"a":1})");
  CHECK(Describe(CompileNode(*MakeStopType(), "{}").program->Begin(context)) == R"(Stop {"a":1})");
  CHECK(Describe(CompileNode(*MakeStopType(), R"({"output":{"x":"{{a}}"}})").program->Begin(context)) ==
        R"(Stop {"x":1})");
  CHECK(Describe(CompileNode(*MakeStopType(), R"({"output":null})").program->Begin(context)) ==
        "Stop null");
}

TEST_CASE("a result that is no template is refused") {
  CHECK(CompileNode(*MakeStopType(), R"({"output":["{{a+1}}"]})").problems.size() == 1);
}

}  // namespace
}  // namespace penstock::workflow_engine

#include "services/workflow_engine/nodes/join/join.h"

#include <catch2/catch.hpp>

#include "services/workflow_engine/nodes/testing/compile.h"
#include "services/workflow_engine/nodes/testing/fake_context.h"

namespace penstock::workflow_engine {
namespace {

int Needed(const char* config) {
  const CompiledNode node = CompileNode(*MakeJoinType(), config);
  REQUIRE(node.program != nullptr);
  return MakeJoinType()->readiness(node.definition).needed;
}

TEST_CASE("the mode says how many branches are needed") {
  CHECK(Needed("{}") == Readiness::kAll);
  CHECK(Needed(R"({"mode":"all"})") == Readiness::kAll);
  CHECK(Needed(R"({"mode":"any"})") == 1);
  CHECK(Needed(R"({"mode":"n","count":3})") == 3);
}

TEST_CASE("what arrived passes through") {
  const CompiledNode node = CompileNode(*MakeJoinType(), "{}");
  CHECK(Describe(node.program->Begin(FakeContext(R"({"a":1,"b":2})"))) == R"(Complete {"a":1,"b":2})");
}

TEST_CASE("a count goes with mode n") {
  for (const char* config : {R"({"mode":"n"})", R"({"mode":"any","count":2})", R"({"count":2})",
                             R"({"mode":"n","count":0})", R"({"mode":"most"})"}) {
    INFO(config);
    CHECK(CompileNode(*MakeJoinType(), config).problems.size() == 1);
  }
}

}  // namespace
}  // namespace penstock::workflow_engine

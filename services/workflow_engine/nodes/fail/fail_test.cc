#include "services/workflow_engine/nodes/fail/fail.h"

#include <catch2/catch.hpp>

#include "services/workflow_engine/nodes/testing/compile.h"
#include "services/workflow_engine/nodes/testing/fake_context.h"

namespace penstock::workflow_engine {
namespace {

TEST_CASE("it fails with the author's words, once and for all") {
  const CompiledNode node =
      CompileNode(*MakeFailType(), R"({"type":"ORDER_UNKNOWN","message":"no order {{id}}"})");
  const Step step = node.program->Begin(FakeContext(R"({"id":7})"));
  const NodeError& error = std::get<Fail>(step).error;
  CHECK(error.type == "ORDER_UNKNOWN");
  CHECK(error.message == "no order 7");
  CHECK_FALSE(error.retryable);
}

TEST_CASE("without a type it is FAILED") {
  const CompiledNode node = CompileNode(*MakeFailType(), R"({"message":"x"})");
  CHECK(Describe(node.program->Begin(FakeContext())) == "Fail FAILED");
}

}  // namespace
}  // namespace penstock::workflow_engine

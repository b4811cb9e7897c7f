#include "services/workflow_engine/nodes/call_interface/call_interface.h"

#include <catch2/catch.hpp>

#include "libs/status/details.h"
#include "services/workflow_engine/nodes/testing/compile.h"
#include "services/workflow_engine/nodes/testing/fake_context.h"

namespace penstock::workflow_engine {
namespace {

CompiledNode Compiled(const char* config) { return CompileNode(*MakeCallInterfaceType(), config); }

NodeError ErrorOf(const absl::Status& status) {
  const CompiledNode node = Compiled(R"({"project_connector":"billing"})");
  return std::get<Fail>(node.program->Resume(FakeContext(), ServiceReply{status})).error;
}

TEST_CASE("it asks connector-service with rendered values and a key equal for every attempt") {
  const CompiledNode node = Compiled(
      R"({"project_connector":"billing","payload":{"order":"{{id}}"},"wait":"completed"})");
  REQUIRE(node.problems.empty());
  CHECK(
      Describe(node.program->Begin(FakeContext(R"({"id":7})"))) ==
      R"(CallService connector-service interface.call {"config":{"project_connector":"billing","wait":"completed"},)"
      R"("rendered":{"payload":{"order":7}},"execution":{"id":"e1"},"idempotencyKey":"e1/node/1"} e1/node/1)");
}

TEST_CASE("a signal names the execution that it is for") {
  const CompiledNode node =
      Compiled(R"({"project_connector":"approve","execution_id":"{{order.execution}}"})");
  REQUIRE(node.problems.empty());
  CHECK(Describe(node.program->Begin(FakeContext(R"({"order":{"execution":"e7"}})")))
            .find(R"("rendered":{"execution_id":"e7"})") != std::string::npos);
}

TEST_CASE("what comes back is the output") {
  const CompiledNode node = Compiled(R"({"project_connector":"billing"})");
  CHECK(Describe(node.program->Resume(FakeContext(), ServiceReply{R"({"executionId":"e7"})"})) ==
        R"(Complete {"executionId":"e7"})");
}

TEST_CASE("a refusal is final and keeps its reason, trouble is not") {
  const NodeError mismatch = ErrorOf(
      WithReason(absl::InvalidArgumentError("payload/total: is required"), "PAYLOAD_MISMATCH"));
  CHECK(mismatch.type == "PAYLOAD_MISMATCH");
  CHECK(mismatch.message == "payload/total: is required");
  CHECK_FALSE(mismatch.retryable);
  CHECK(ErrorOf(absl::NotFoundError("no project connector billing")).type == "NOT_FOUND");
  CHECK_FALSE(ErrorOf(absl::NotFoundError("")).retryable);
  const NodeError away = ErrorOf(WithRetryAfter(
      WithReason(absl::UnavailableError(""), "ENGINE_UNREACHABLE"), absl::Seconds(1)));
  CHECK(away.type == "ENGINE_UNREACHABLE");
  CHECK(away.retryable);
  CHECK(away.retry_after == absl::Seconds(1));
  CHECK(ErrorOf(absl::DeadlineExceededError("")).retryable);
}

TEST_CASE("a config that says too little or contradicts itself is refused") {
  CHECK(Compiled(R"({"payload":{}})").problems.size() == 1);
  CHECK(Compiled(R"({"project_connector":"x","execution_id":"e","wait":"completed"})")
            .problems.size() == 1);
  CHECK(Compiled(R"({"project_connector":"x","wait":"for ever"})").problems.size() == 1);
}

}  // namespace
}  // namespace penstock::workflow_engine

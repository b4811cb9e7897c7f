#include "services/workflow_engine/nodes/service_step/service_step.h"

#include <catch2/catch.hpp>

#include "services/workflow_engine/nodes/testing/compile.h"
#include "services/workflow_engine/nodes/testing/fake_context.h"

namespace penstock::workflow_engine {
namespace {

CompiledNode Compiled() {
  return CompileNode(*MakeServiceStepType(), R"({"service":"interfaces-service","step":"tenant.create","input":{"id":"{{id}}"}})");
}

std::string Resumed(absl::StatusOr<std::string> output) {
  return Describe(Compiled().program->Resume(FakeContext(), ServiceReply{std::move(output)}));
}

TEST_CASE("it asks the service with the rendered input and a key that is equal for every attempt") {
  CHECK(Describe(Compiled().program->Begin(FakeContext(R"({"id":7})"))) == R"(CallService interfaces-service tenant.create {"id":7} e1/node/1)");
}

TEST_CASE("the step's answer is the output") { CHECK(Resumed(R"({"ok":true})") == R"(Complete {"ok":true})"); }

TEST_CASE("a refusal is final, trouble is not") {
  CHECK(Resumed(absl::AlreadyExistsError("taken")) == "Fail ALREADY_EXISTS");
  const auto retryable = [](const absl::Status& status) {
    return std::get<Fail>(Compiled().program->Resume(FakeContext(), ServiceReply{status})).error.retryable;
  };
  CHECK_FALSE(retryable(absl::AlreadyExistsError("")));
  CHECK_FALSE(retryable(absl::InvalidArgumentError("")));
  CHECK(retryable(absl::UnavailableError("")));
  CHECK(retryable(absl::DeadlineExceededError("")));
  CHECK(retryable(absl::AbortedError("")));
}

TEST_CASE("a service that is none is refused") {
  CHECK(CompileNode(*MakeServiceStepType(), R"({"service":"postgres","step":"drop"})").problems.size() == 1);
}

}  // namespace
}  // namespace penstock::workflow_engine

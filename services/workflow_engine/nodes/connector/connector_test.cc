#include "services/workflow_engine/nodes/connector/connector.h"

#include <catch2/catch.hpp>

#include "libs/status/details.h"
#include "services/workflow_engine/nodes/connector/failure.h"
#include "services/workflow_engine/nodes/testing/compile.h"
#include "services/workflow_engine/nodes/testing/fake_context.h"

namespace penstock::workflow_engine {
namespace {

CompiledNode Compiled(const char* config) { return CompileNode(*MakeConnectorType(), config); }

absl::Status Upstream(int http_status) {
  return WithReason(absl::UnavailableError("api.example.com answered"), "UPSTREAM_FAILED",
                    {{"http_status", std::to_string(http_status)}, {"acted", "maybe"}});
}

TEST_CASE(
    "it asks connector-service with rendered values and a key that is equal for every attempt") {
  const CompiledNode node =
      Compiled(R"({"connector":"crm","action":"createContact","payload":{"name":"{{name}}"}})");
  REQUIRE(node.problems.empty());
  CHECK(
      Describe(node.program->Begin(FakeContext(R"({"name":"Ann"})"))) ==
      R"(CallService connector-service connector.call {"config":{"action":"createContact","connector":"crm"},)"
      R"("rendered":{"payload":{"name":"Ann"}},"execution":{"id":"e1"},"idempotencyKey":"e1/node/1"} e1/node/1)");
}

TEST_CASE("a read carries no key") {
  const CompiledNode node = Compiled(R"({"connector":"crm","resource_path":"/contacts/{{id}}"})");
  REQUIRE(node.problems.empty());
  CHECK(Describe(node.program->Begin(FakeContext(R"({"id":7})"))).find("idempotencyKey") ==
        std::string::npos);
}

TEST_CASE("the answer is the output") {
  const CompiledNode node = Compiled(R"({"connector":"crm","resource_path":"/me"})");
  CHECK(Describe(node.program->Resume(FakeContext(), ServiceReply{R"({"status":200})"})) ==
        R"(Complete {"status":200})");
}

TEST_CASE("what the third party said decides about another attempt") {
  CHECK(ConnectorError(Upstream(503), true).type == "HTTP_503");
  CHECK(ConnectorError(Upstream(503), true).retryable);
  CHECK_FALSE(ConnectorError(Upstream(503), false).retryable);
  CHECK(ConnectorError(Upstream(429), false).retryable);
  CHECK_FALSE(ConnectorError(Upstream(404), true).retryable);
}

TEST_CASE("a refusal of our own is final, trouble is not") {
  const auto final = WithReason(absl::FailedPreconditionError(""), "CREDENTIAL_MISSING");
  CHECK(ConnectorError(final, true).type == "CREDENTIAL_MISSING");
  CHECK_FALSE(ConnectorError(final, true).retryable);
  const auto open = WithRetryAfter(
      WithReason(absl::UnavailableError(""), "CIRCUIT_OPEN", {{"acted", "no"}}), absl::Seconds(7));
  CHECK(ConnectorError(open, false).retryable);
  CHECK(ConnectorError(open, false).retry_after == absl::Seconds(7));
  CHECK(ConnectorError(absl::UnavailableError("gone"), true).type == "UNAVAILABLE");
  CHECK_FALSE(ConnectorError(absl::UnavailableError("gone"), false).retryable);
}

TEST_CASE("a config that says too little or too much is refused") {
  CHECK(Compiled(R"({"connector":"crm"})").problems.size() == 1);
  CHECK(Compiled(R"({"connector":"crm","action":"x","max_pages":3})").problems.size() == 1);
  CHECK(Compiled(R"({"connector":"crm","resource_path":"/x","payload":{}})").problems.size() == 1);
}

}  // namespace
}  // namespace penstock::workflow_engine

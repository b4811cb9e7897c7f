#include "services/workflow_engine/nodes/trigger/trigger.h"

#include <catch2/catch.hpp>

#include "services/workflow_engine/nodes/testing/compile.h"
#include "services/workflow_engine/nodes/testing/fake_context.h"

namespace penstock::workflow_engine {
namespace {

CompiledNode Compiled(const char* config) { return CompileNode(*MakeTriggerType(), config); }

// Exactly one problem, at `field`.
void CheckRefused(const char* config, const std::string& field) {
  const CompiledNode node = Compiled(config);
  INFO(config << "\n" << node.Written());
  REQUIRE(node.problems.size() == 1);
  CHECK(node.problems[0].field == field);
}

TEST_CASE("a trigger passes on what started the execution") {
  const CompiledNode node = Compiled(R"({"triggerType":"webhook","actionType":"test"})");
  REQUIRE(node.program != nullptr);
  const FakeContext context;
  CHECK(Describe(node.program->Begin(context)) == "Complete " + context.trigger_text);
}

TEST_CASE("a webhook needs the last part of its URL; other triggers don't") {
  CheckRefused(R"({"triggerType":"webhook"})", "config.actionType");
  CHECK(Compiled(R"({"triggerType":"manual"})").problems.empty());
}

TEST_CASE("what can't stand in a URL is refused") {
  CheckRefused(R"({"triggerType":"web hook"})", "config.triggerType");
  CheckRefused(R"({"triggerType":"webhook","actionType":"a/b"})", "config.actionType");
}

TEST_CASE("signature schemes take their own settings only") {
  CHECK(Compiled(R"({"triggerType":"webhook","actionType":"t","signature":
      {"scheme":"standard_webhooks","secret":["new","old"],"tolerance_seconds":60}})")
            .problems.empty());
  CheckRefused(R"({"triggerType":"webhook","actionType":"t","signature":
      {"scheme":"hmac_sha256","secret":"s"}})",
               "config.signature.header");
  CheckRefused(R"({"triggerType":"webhook","actionType":"t","signature":
      {"scheme":"standard_webhooks","secret":"s","prefix":"v1="}})",
               "config.signature.prefix");
  CheckRefused(R"({"triggerType":"webhook","actionType":"t","signature":
      {"scheme":"hmac_sha256","secret":"s","header":"X-S","tolerance_seconds":5}})",
               "config.signature.tolerance_seconds");
  CheckRefused(R"({"triggerType":"webhook","actionType":"t","signature":
      {"scheme":"standard_webhooks","secret":"../etc"}})",
               "config.signature.secret");
  CheckRefused(R"({"triggerType":"webhook","actionType":"t","signature":{"scheme":"none","secret":"s"}})",
               "config.signature.scheme");
}

TEST_CASE("the id of a delivery is found in one place") {
  CHECK(Compiled(R"({"triggerType":"webhook","actionType":"t","dedupe":{"path":"event.id"}})")
            .problems.empty());
  CheckRefused(R"({"triggerType":"webhook","actionType":"t","dedupe":{"path":"a + b"}})",
               "config.dedupe.path");
  CheckRefused(R"({"triggerType":"webhook","actionType":"t","dedupe":{"header":"bad header"}})",
               "config.dedupe.header");
  CHECK_FALSE(Compiled(R"({"triggerType":"webhook","actionType":"t","dedupe":{}})").problems.empty());
}

TEST_CASE("a schedule says when, in a way that can be read") {
  CHECK(Compiled(R"({"triggerType":"schedule","schedule":{"spec":
      {"crons":[{"expression":"*/5 * * * *"}],"time_zone":"Europe/Berlin"},"overlap_policy":"buffer_one"}})")
            .problems.empty());
  CHECK(Compiled(R"({"triggerType":"schedule"})").problems.empty());
  CheckRefused(R"({"triggerType":"schedule","schedule":{"spec":{"crons":[{"expression":"* * * * * *"}]}}})",
               "config.schedule.spec.crons[0].expression");
  CheckRefused(R"({"triggerType":"schedule","schedule":{"spec":{"cron":"* * * * *","instants":["2030-01-01T00:00:00Z"]}}})",
               "config.schedule.spec.cron");
  CheckRefused(R"({"triggerType":"schedule","schedule":{"spec":{"intervals":[{"every":"5m"}]},"catch_up":"window"}})",
               "config.schedule.catch_up_seconds");
  CheckRefused(R"({"triggerType":"manual","schedule":{"spec":{"intervals":[{"every":"5m"}]}}})",
               "config.schedule");
}

}  // namespace
}  // namespace penstock::workflow_engine

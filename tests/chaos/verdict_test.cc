// Each broken promise, planted in a database, is found.
#include "tests/chaos/verdict.h"

#include <catch2/catch.hpp>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/testing/check.h"
#include "libs/testing/postgres.h"

namespace penstock::chaos {
namespace {

class Scene {
 public:
  Scene() : connection_(database_.ConnectAsSuperuser()) {
    Run(R"sql(
      INSERT INTO tenancy.tenants (tenant_id, slug, name) VALUES ('00000000-0000-7000-9000-000000000001', 't', 't');
      INSERT INTO tenancy.projects (tenant_id, project_id, name)
        VALUES ('00000000-0000-7000-9000-000000000001', '00000000-0000-7000-9000-000000000002', 'p');
      INSERT INTO workflow.workflows (tenant_id, workflow_id, project_id, name, service_display_name, version)
        VALUES ('00000000-0000-7000-9000-000000000001', '00000000-0000-7000-9000-000000000003',
                '00000000-0000-7000-9000-000000000002', 'w', 'w', 1);
      INSERT INTO workflow.workflow_versions (tenant_id, workflow_id, version, nodes, edges, variables, settings)
        VALUES ('00000000-0000-7000-9000-000000000001', '00000000-0000-7000-9000-000000000003', 1,
                '[{"id":"trigger"},{"id":"f"}]', '[]', '{}', '{}'))sql");
    Run(Execution("COMPLETED"));
    Run(Node("trigger", 1));
    Run(Node("f", 2));
    Run(Event(1, "workflow.execution.completed"));
    Run(
        fmt::format("INSERT INTO workflow.webhooks (webhook_id, tenant_id, trigger_type, "
                    "action_type, payload, outcome, "
                    "execution_ids, received_at) VALUES ('{}', '{}', 'webhook', 'a', '{{}}', "
                    "'accepted', ARRAY['{}']::uuid[], now())",
                    kWebhook, kTenant, kExecution));
    promised_.Webhook(kToken);
    promised_.Start(kExecution, "key");
  }

  static std::string Execution(const std::string& state) {
    return fmt::format(
        R"sql(INSERT INTO workflow.workflow_executions (shard_id, execution_id, tenant_id, workflow_id, version, state, trigger_type,
                trigger_node, input, webhook_id, started_at, updated_at, completed_at)
              VALUES (0, '{}', '{}', '00000000-0000-7000-9000-000000000003', 1, '{}', 'webhook.a', 'trigger',
                      '{{"data":{{"token":"{}"}}}}', '{}', now(), now(), now()))sql",
        kExecution, kTenant, state, kToken, kWebhook);
  }
  static std::string Node(const std::string& id, int sequence) {
    return fmt::format(
        "INSERT INTO workflow.node_executions (shard_id, execution_id, sequence, tenant_id, "
        "node_id, node_type, state, started_at, "
        "completed_at) VALUES (0, '{}', {}, '{}', '{}', 'function', 'COMPLETED', now(), now())",
        kExecution, sequence, kTenant, id);
  }
  static std::string Event(int sequence, const std::string& type) {
    return fmt::format(
        "INSERT INTO workflow.event_store (event_id, tenant_id, sequence_number, event_type, "
        "job_id, payload, \"timestamp\") "
        "VALUES (gen_random_uuid(), '{}', {}, '{}', '{}', '{{}}', now())",
        kTenant, sequence, type, kExecution);
  }

  void Run(const std::string& sql) { testing::Check(connection_->ExecuteScript(sql), "planting"); }
  Acknowledged& promised() { return promised_; }

  std::string Violations() {
    Verdict verdict =
        testing::Check(Judge(*connection_, promised_, absl::ZeroDuration()), "judging");
    return fmt::format("{}", fmt::join(verdict.violations, "\n"));
  }

  static constexpr char kTenant[] = "00000000-0000-7000-9000-000000000001";
  static constexpr char kExecution[] = "00000000-0000-7000-9000-000000000010";
  static constexpr char kWebhook[] = "00000000-0000-7000-9000-000000000020";
  static constexpr char kToken[] = "a token";
  static constexpr char kStranger[] = "00000000-0000-7000-9000-000000000099";

 private:
  testing::TestDatabase database_;
  std::unique_ptr<postgres::Connection> connection_;
  Acknowledged promised_;
};

bool Says(const std::string& violations, const std::string& what) {
  return violations.find(what) != std::string::npos;
}

TEST_CASE("kept promises are no violation") { CHECK(Scene().Violations().empty()); }

TEST_CASE("a lost webhook is found") {
  Scene scene;
  scene.promised().Webhook("another token");
  CHECK(Says(scene.Violations(), "a webhook was acknowledged and did not run exactly once"));
}

TEST_CASE("a lost start is found") {
  Scene scene;
  scene.promised().Start(Scene::kStranger, "");
  CHECK(Says(scene.Violations(), "a start was acknowledged and lost"));
}

TEST_CASE("a key that started two executions is found") {
  Scene scene;
  scene.promised().Start(Scene::kStranger, "key");
  CHECK(Says(scene.Violations(), "key key started 2 executions"));
}

TEST_CASE("a second outcome of an attempt is found") {
  Scene scene;
  scene.Run(Scene::Node("f", 3));
  std::string violations = scene.Violations();
  CHECK(Says(violations, "a node attempt has two outcomes"));
  CHECK(Says(violations, "a node completed twice"));
}

TEST_CASE("a gap in an execution's record is found") {
  Scene scene;
  scene.Run(Scene::Node("g", 5));
  CHECK(Says(scene.Violations(), "record has gaps"));
}

TEST_CASE("a gap in a tenant's events is found") {
  Scene scene;
  scene.Run(Scene::Event(3, "webhook.received"));
  CHECK(Says(scene.Violations(), "a tenant's events have gaps"));
}

TEST_CASE("an execution that ended twice is found") {
  Scene scene;
  scene.Run(Scene::Event(2, "workflow.execution.completed"));
  CHECK(Says(scene.Violations(), "end is not one event"));
}

TEST_CASE("work that is still open is found") {
  Scene scene;
  scene.Run(fmt::format("INSERT INTO workflow.open_executions VALUES (0, '{}', '{}')",
                        Scene::kExecution, Scene::kTenant));
  CHECK(Says(scene.Violations(), "stuck"));
}

TEST_CASE("an execution that failed is found") {
  Scene scene;
  scene.Run("TRUNCATE workflow.workflow_executions");
  scene.Run(Scene::Execution("FAILED"));
  CHECK(Says(scene.Violations(), "did not complete"));
}

TEST_CASE("a delivery without its execution is found") {
  Scene scene;
  scene.Run("TRUNCATE workflow.workflow_executions");
  std::string violations = scene.Violations();
  CHECK(Says(violations, "did not start exactly one execution"));
  CHECK(Says(violations, "a start was acknowledged and lost"));
}

TEST_CASE("a node that never ran is found") {
  Scene scene;
  scene.Run("TRUNCATE workflow.node_executions");
  CHECK(Says(scene.Violations(), "has no outcome"));
}

}  // namespace
}  // namespace penstock::chaos

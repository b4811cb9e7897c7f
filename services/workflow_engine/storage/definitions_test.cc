// What publishing wrote comes back: versions and routes, of one tenant only.
#include <catch2/catch.hpp>

#include "libs/postgres/pool.h"
#include "libs/testing/check.h"
#include "libs/testing/postgres.h"
#include "services/workflow_engine/storage/triggers.h"
#include "services/workflow_engine/storage/versions.h"

namespace penstock::workflow_engine::storage {
namespace {

using testing::Check;

const TenantId kTenant = *TenantId::Parse("0190a000-0000-7000-8000-000000000001");
const TenantId kOther = *TenantId::Parse("0190a000-0000-7000-8000-000000000002");
const WorkflowId kWorkflow = *WorkflowId::Parse("0190a000-0000-7000-8000-000000000003");
const WorkflowId kNewer = *WorkflowId::Parse("0190a000-0000-7000-8000-000000000004");

// Two workflows of one tenant with a trigger each; another tenant has nothing.
class Fixture {
 public:
  Fixture() : pool_(MakePool()) {
    auto superuser = database_.ConnectAsSuperuser();
    Check(superuser->ExecuteScript(R"(
      INSERT INTO tenancy.tenants (tenant_id, slug, name) VALUES
        ('0190a000-0000-7000-8000-000000000001', 'one', 'One'),
        ('0190a000-0000-7000-8000-000000000002', 'two', 'Two');
      INSERT INTO tenancy.projects (tenant_id, project_id, name) VALUES
        ('0190a000-0000-7000-8000-000000000001', '0190a000-0000-7000-8000-0000000000f1', 'default');
      INSERT INTO workflow.workflows (tenant_id, workflow_id, project_id, name, service_display_name, version, status)
        SELECT '0190a000-0000-7000-8000-000000000001', w::uuid, '0190a000-0000-7000-8000-0000000000f1', 'w', 'w', 2, 'active'
        FROM unnest(ARRAY['0190a000-0000-7000-8000-000000000004', '0190a000-0000-7000-8000-000000000003']) w;
      INSERT INTO workflow.workflow_versions (tenant_id, workflow_id, version, nodes, edges, variables, settings)
        SELECT tenant_id, workflow_id, 2, '[{"id": "t", "type": "trigger", "config": {"triggerType": "webhook"}}]',
               '[{"source": "t", "target": "r"}]', '{"a": 1}', '{"timeout_seconds": 5}' FROM workflow.workflows;
      INSERT INTO workflow.workflow_versions (tenant_id, workflow_id, version, nodes, edges, variables, settings)
        VALUES ('0190a000-0000-7000-8000-000000000001', '0190a000-0000-7000-8000-000000000003', 9, '[1]', '[]', '{}', '{}');
      INSERT INTO workflow.triggers (tenant_id, workflow_id, node_id, version, trigger_type, action_type, config)
        SELECT tenant_id, workflow_id, 't', 2, 'webhook', 'test', '{"respond": "completed"}' FROM workflow.workflows;
    )"),
          "rows");
  }

  template <typename T>
  absl::StatusOr<T> Run(TenantId tenant,
                        const std::function<absl::StatusOr<T>(postgres::Connection&)>& body) {
    return postgres::RunInTransactionReturning<T>(*pool_, {.tenant = tenant}, body);
  }
  absl::StatusOr<Definition> Load(TenantId scope, TenantId tenant, int version) {
    return Run<Definition>(scope, [&](postgres::Connection& connection) {
      return LoadVersion(connection, tenant, kWorkflow, version);
    });
  }
  absl::StatusOr<std::vector<Route>> Routes(TenantId scope, TenantId tenant) {
    return Run<std::vector<Route>>(
        scope, [&](postgres::Connection& connection) { return LoadRoutes(connection, tenant); });
  }

 private:
  std::unique_ptr<postgres::Pool> MakePool() {
    return Check(postgres::Pool::Create({.conninfo = database_.Conninfo(postgres::Role::kServer)}),
                 "pool");
  }

  testing::TestDatabase database_;
  std::unique_ptr<postgres::Pool> pool_;
};

TEST_CASE("a version comes back as the definition that was published") {
  Fixture fixture;
  const absl::StatusOr<Definition> loaded = fixture.Load(kTenant, kTenant, 2);
  REQUIRE(loaded.status() == absl::OkStatus());
  REQUIRE(loaded->nodes.size() == 1);
  CHECK(loaded->nodes[0].id == "t");
  CHECK(loaded->nodes[0].config == Json{{"triggerType", "webhook"}});
  REQUIRE(loaded->edges.size() == 1);
  CHECK(loaded->edges[0].target == "r");
  CHECK(loaded->variables == Json{{"a", 1}});
  CHECK(loaded->timeout == absl::Seconds(5));
}

TEST_CASE("a version that does not exist, or not for this tenant, is not found") {
  Fixture fixture;
  CHECK(absl::IsNotFound(fixture.Load(kTenant, kTenant, 3).status()));
  CHECK(absl::IsNotFound(fixture.Load(kOther, kOther, 2).status()));
  // Even when code asked for it by mistake: row-level security is the second wall.
  CHECK(absl::IsNotFound(fixture.Load(kOther, kTenant, 2).status()));
}

TEST_CASE("rows that are no definition are data loss, not a crash") {
  Fixture fixture;
  CHECK(absl::IsDataLoss(fixture.Load(kTenant, kTenant, 9).status()));
}

TEST_CASE("routes come oldest workflow first, with the trigger's config") {
  Fixture fixture;
  const absl::StatusOr<std::vector<Route>> routes = fixture.Routes(kTenant, kTenant);
  REQUIRE(routes.status() == absl::OkStatus());
  REQUIRE(routes->size() == 2);
  CHECK(routes->at(0).workflow_id == kWorkflow);
  CHECK(routes->at(1).workflow_id == kNewer);
  CHECK(routes->at(0).version == 2);
  CHECK(routes->at(0).node_id == "t");
  CHECK(routes->at(0).trigger_type == "webhook");
  CHECK(routes->at(0).action_type == "test");
  CHECK(routes->at(0).config == Json{{"respond", "completed"}});
}

TEST_CASE("a tenant sees no other tenant's routes") {
  Fixture fixture;
  CHECK(fixture.Routes(kOther, kOther)->empty());
  CHECK(fixture.Routes(kOther, kTenant)->empty());
}

}  // namespace
}  // namespace penstock::workflow_engine::storage

#include "services/connector/testing/linked_projects.h"

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/postgres/sqlstate.h"
#include "libs/testing/check.h"

namespace penstock::connector::testing {

using penstock::testing::Check;

LinkedProjects::LinkedProjects()
    : tenant(penstock::testing::CreateTenant(database, "acme")),
      stranger(penstock::testing::CreateTenant(database, "stranger")),
      pool(Check(postgres::Pool::Create({.conninfo = database.Conninfo(postgres::Role::kServer)}),
                 "pool")),
      shop(AddProject("shop")),
      billing(AddProject("billing")),
      third(AddProject("third")),
      shop_to_billing(AddChain(shop, billing)),
      billing_to_shop(AddChain(billing, shop)) {}

void LinkedProjects::Run(const std::string& sql) {
  Check(database.ConnectAsSuperuser()->ExecuteScript(sql), sql);
}

std::string LinkedProjects::Refusal(const std::string& sql) {
  return postgres::ConstraintOf(database.ConnectAsSuperuser()->ExecuteScript(sql));
}

int64_t LinkedProjects::CountRows(const std::string& from) {
  const std::string sql = "SELECT count(*) FROM " + from;
  return Check(database.ConnectAsSuperuser()->Execute({"count", sql.c_str()}), sql)
      .Get<int64_t>(0, 0);
}

ProjectId LinkedProjects::AddProject(const std::string& name) {
  const ProjectId id = ProjectId::Make(absl::Now());
  Run(fmt::format(
      "INSERT INTO tenancy.projects (tenant_id, project_id, name) VALUES ('{}', '{}', '{}')",
      tenant.tenant.ToString(), id.ToString(), name));
  return id;
}

LinkedProjects::Chain LinkedProjects::AddChain(ProjectId source, ProjectId target) {
  const Chain chain{source, target, WorkflowId::Make(absl::Now()), InterfaceId::Make(absl::Now())};
  Run(fmt::format(
      "INSERT INTO workflow.workflows (tenant_id, workflow_id, project_id, name, "
      "service_display_name) VALUES ('{0}', '{1}', '{2}', 'service', 'Service');"
      "INSERT INTO interface.service_interfaces (tenant_id, interface_id, service_id, name, "
      "display_name, interface_type, callable_name) VALUES ('{0}', '{3}', '{1}', 'start', "
      "'Start', 'start_child', '')",
      tenant.tenant.ToString(), chain.service.ToString(), target.ToString(),
      chain.interface.ToString()));
  return chain;
}

}  // namespace penstock::connector::testing

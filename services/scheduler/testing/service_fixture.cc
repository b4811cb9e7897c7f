#include "services/scheduler/testing/service_fixture.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "fmt/format.h"
#include "google/protobuf/util/json_util.h"
#include "libs/auth/api_key.h"
#include "libs/auth/testing_token_keys.h"
#include "libs/crypto/encoding.h"
#include "libs/testing/check.h"

namespace penstock::scheduler::testing {

using penstock::testing::Check;
using penstock::testing::Fail;

ServiceFixture::ServiceFixture()
    : acme(penstock::testing::CreateTenant(database, "acme")),
      other(penstock::testing::CreateTenant(database, "other")) {
  workflow = AddWorkflow(acme);
  char token_path[] = "/tmp/penstock-tokens-XXXXXX";
  if (mkdtemp(token_path) == nullptr) Fail("make a directory for token keys", token_path);
  token_directory_ = token_path;
  config.token_key_dir = token_directory_ + "/known";
  auth::WriteTokenKeys(config.token_key_dir, token_directory_ + "/signing");
  config.grpc.address = "127.0.0.1:0";
  config.admin_address = "127.0.0.1:0";
  config.server_pool.conninfo = database.Conninfo(postgres::Role::kServer);
  config.service_key = std::make_shared<const crypto::Secret>(std::string(64, 'k'));
  config.engine.address = engine.address();
  app = Check(App::Create(config, clock), "start the service");
  stub = v1::ScheduleService::NewStub(grpc::CreateChannel(
      fmt::format("127.0.0.1:{}", app->grpc_port()), grpc::InsecureChannelCredentials()));
}

ServiceFixture::~ServiceFixture() {
  app.reset();
  std::filesystem::remove_all(token_directory_);
}

void ServiceFixture::Sql(const std::string& text) {
  Check(database.ConnectAsSuperuser()->ExecuteScript(text), text);
}

std::string ServiceFixture::SqlValue(const std::string& text) {
  const std::string query = fmt::format("SELECT ({})::text", text);
  return Check(database.ConnectAsSuperuser()->Execute({"value", query.c_str()}), text)
      .Get<std::string>(0, 0);
}

std::string ServiceFixture::AddWorkflow(const penstock::testing::TestTenant& tenant) {
  const std::string id = WorkflowId::Make(absl::Now()).ToString();
  Sql(
      fmt::format("INSERT INTO workflow.workflows (tenant_id, workflow_id, project_id, name, "
                  "service_display_name, status, version) "
                  "VALUES ('{}', '{}', '{}', 'w', 'w', 'active', 1)",
                  tenant.tenant.ToString(), id, tenant.project.ToString()));
  return id;
}

std::string ServiceFixture::AddKeyOfOtherProject() {
  const auth::NewApiKey key = auth::MakeApiKey(auth::ApiKeyMode::kTest);
  const std::string project = ProjectId::Make(absl::Now()).ToString();
  Sql(fmt::format(
      "INSERT INTO tenancy.projects (tenant_id, project_id, name) VALUES ('{0}', '{1}', 'empty');"
      "INSERT INTO tenancy.api_keys (tenant_id, api_key_id, name, prefix, key_hash, role, "
      "project_id) VALUES ('{0}', gen_random_uuid(), 'limited', '{2}', '\\x{3}', 'owner', '{1}')",
      acme.tenant.ToString(), project, key.prefix, crypto::HexEncode(key.hash)));
  return key.text;
}

absl::StatusOr<v1::Schedule> ServiceFixture::Create(const std::string& json,
                                                    const std::string& credential) {
  v1::CreateScheduleRequest request;
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, request.mutable_schedule());
  if (!parsed.ok()) Fail(json, std::string(parsed.message()));
  request.mutable_schedule()->set_workflow_id(workflow);
  return Call(&v1::ScheduleService::Stub::CreateSchedule, request, credential);
}

v1::Schedule ServiceFixture::Get(const std::string& id) {
  v1::GetScheduleRequest request;
  request.set_id(id);
  return Check(Call(&v1::ScheduleService::Stub::GetSchedule, request), "get");
}

std::vector<v1::ScheduleRun> ServiceFixture::Runs(const std::string& id) {
  v1::ListScheduleRunsRequest request;
  request.set_schedule_id(id);
  request.set_page_size(200);
  const auto response = Check(Call(&v1::ScheduleService::Stub::ListScheduleRuns, request), "runs");
  return {response.runs().begin(), response.runs().end()};
}

}  // namespace penstock::scheduler::testing

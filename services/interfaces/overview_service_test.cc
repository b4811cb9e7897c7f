// OverviewService over gRPC and GET /hello over HTTP, on a real database.
#include <catch2/catch.hpp>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "nlohmann/json.hpp"
#include "penstock/tenancy/v1/overview.grpc.pb.h"
#include "services/interfaces/testing/identity_fixture.h"

namespace penstock::interfaces {
namespace {

namespace v1 = tenancy::v1;
using nlohmann::json;
using penstock::testing::Check;
using penstock::testing::HttpClient;
using penstock::testing::HttpResponse;
using testing::IdentityFixture;

struct Service : IdentityFixture {
  Service() : other(AddApiKey(slow, auth::Role::kViewer)) {
    overviews = v1::OverviewService::NewStub(grpc::CreateChannel(
        fmt::format("127.0.0.1:{}", app->grpc_port()), grpc::InsecureChannelCredentials()));
  }

  absl::StatusOr<v1::Overview> Overview(const std::string& credential) {
    return Call(&v1::OverviewService::Stub::GetOverview, *overviews, v1::GetOverviewRequest(),
                credential);
  }
  HttpResponse Hello(const std::string& authorization, const std::string& method = "GET") {
    HttpClient::Headers headers = {{"Origin", "https://example.com"}};
    if (!authorization.empty()) headers.emplace_back("Authorization", authorization);
    HttpClient client = Connect();
    return Check(client.Call(method, "/hello", "", headers), "hello");
  }
  // One of everything but executions, and of those one in each of three states; two of the three
  // deliveries are of today.
  void Fill(TenantId tenant) {
    const std::string id = tenant.ToString();
    Check(database.ConnectAsSuperuser()->ExecuteScript(fmt::format(
              R"sql(
      INSERT INTO tenancy.users (tenant_id, user_id, email) VALUES ('{0}', gen_random_uuid(), 'a@example.com');
      INSERT INTO tenancy.projects (tenant_id, project_id, name) VALUES ('{0}', '{0}', 'p');
      INSERT INTO tenancy.companies (tenant_id, company_id, name) VALUES ('{0}', gen_random_uuid(), 'c');
      INSERT INTO tenancy.api_keys (tenant_id, api_key_id, name, prefix, key_hash, revoked_at)
        VALUES ('{0}', gen_random_uuid(), 'gone', 'pk_test_abcdefgh', sha256('{0}'), now());
      INSERT INTO workflow.workflows (tenant_id, workflow_id, project_id, name, service_display_name, status, version)
        SELECT '{0}', gen_random_uuid(), '{0}', 'w', 'w', s, 1 FROM unnest(ARRAY['draft', 'active', 'archived']) s;
      INSERT INTO workflow.workflow_executions (shard_id, execution_id, tenant_id, workflow_id, version, state, trigger_type, trigger_node,
                                                input, started_at, updated_at, completed_at)
        SELECT 0, gen_random_uuid(), '{0}', gen_random_uuid(), 1, s, 't', 't', '{{}}', now(), now(),
               CASE WHEN s IN ('COMPLETED', 'FAILED') THEN now() END
        FROM unnest(ARRAY['CREATED', 'RUNNING', 'COMPLETED', 'FAILED', 'PAUSED']) s;
      INSERT INTO workflow.webhooks (webhook_id, tenant_id, trigger_type, action_type, payload, outcome, execution_ids, received_at)
        SELECT overlay(workflow.uuid_floor(at)::text PLACING substr(gen_random_uuid()::text, 20) FROM 20)::uuid, '{0}', 'w', 'w', '{{}}',
               'accepted', '{{}}', at
        FROM unnest(ARRAY[date_trunc('day', now(), 'UTC'), now(), date_trunc('day', now(), 'UTC') - interval '1 second']) at;
      )sql",
              id)),
          "fill");
  }

  std::unique_ptr<v1::OverviewService::Stub> overviews;
  std::string other;
};

TEST_CASE_METHOD(Service, "the overview counts what is the caller's own, and nobody else's") {
  Fill(acme);
  const v1::Overview own = Check(Overview(owner), "overview");
  CHECK(own.tenant_id() == acme.ToString());
  CHECK(own.as_of_time().seconds() > 0);
  CHECK(own.user_profiles() == 1);
  CHECK(own.projects() == 1);
  CHECK(own.companies() == 1);
  CHECK(own.api_keys() == 1);  // the owner's, and not the revoked one
  CHECK(own.workflows().draft() == 1);
  CHECK(own.workflows().active() == 1);
  CHECK(own.workflows().paused() == 0);
  CHECK(own.workflows().archived() == 1);
  CHECK(own.executions().running() == 2);
  CHECK(own.executions().paused() == 1);
  CHECK(own.executions().completed() == 1);
  CHECK(own.executions().failed() == 1);
  CHECK(own.executions().cancelled() == 0);
  CHECK(own.webhooks_today() == 2);

  v1::Overview nothing;
  nothing.set_tenant_id(slow.ToString());
  nothing.set_api_keys(1);
  nothing.mutable_workflows();
  nothing.mutable_executions();
  v1::Overview others = Check(Overview(other), "the other's");
  others.clear_as_of_time();
  CHECK(others.DebugString() == nothing.DebugString());
}

TEST_CASE_METHOD(Service, "a count stops at its bound") {
  Check(database.ConnectAsSuperuser()->ExecuteScript(fmt::format(
            "INSERT INTO tenancy.companies (tenant_id, company_id, name) SELECT '{}', gen_random_uuid(), 'c' FROM generate_series(1, 10100)",
            acme.ToString())),
        "fill");
  CHECK(Check(Overview(owner), "overview").companies() == 10'000);
}

TEST_CASE_METHOD(Service, "a key that is limited to a project is told nothing of the tenant") {
  v1::CreateProjectRequest project;
  project.mutable_project()->set_name("p");
  const std::string id =
      Check(Call(&v1::ProjectService::Stub::CreateProject, *projects, project, owner), "project").id();
  v1::CreateApiKeyRequest key;
  key.mutable_api_key()->set_name("limited");
  key.mutable_api_key()->set_role(v1::ROLE_DEVELOPER);
  key.mutable_api_key()->set_project_id(id);
  const std::string limited =
      Check(Call(&v1::ApiKeyService::Stub::CreateApiKey, *keys, key, owner), "key").key();
  CHECK(ReasonOf(Overview(limited).status()) == "PROJECT_SCOPED_KEY");
  const HttpResponse refusal = Hello("Bearer " + limited);
  CHECK(refusal.status == 403);
  CHECK(json::parse(refusal.body)["code"] == "PROJECT_SCOPED_KEY");
}

TEST_CASE_METHOD(Service, "without credentials /hello greets, and counts nothing") {
  Fill(acme);
  const HttpResponse greeting = Hello("");
  CHECK(greeting.status == 200);
  CHECK(greeting.header("access-control-allow-origin") == "*");
  const json body = json::parse(greeting.body);
  CHECK(body["message"] == "Hello from Penstock");
  CHECK(body["service"] == "interfaces-service");
  CHECK(body["timestamp"].get<std::string>().ends_with("Z"));
  CHECK(body.size() == 3);
}

TEST_CASE_METHOD(Service, "with a key or an access token /hello counts what is the caller's own") {
  Fill(acme);
  const HttpResponse by_key = Hello("Bearer " + owner);
  CHECK(by_key.status == 200);
  CHECK(by_key.header("cache-control") == "no-store");
  CHECK(by_key.header("access-control-allow-origin") == "*");
  const json statistics = json::parse(by_key.body)["statistics"];
  CHECK(json::parse(by_key.body)["tenantId"] == acme.ToString());
  CHECK(statistics["userProfiles"] == 1);
  CHECK(statistics["workflows"]["active"] == 1);
  CHECK(statistics["executions"] == json{{"running", 2}, {"paused", 1}, {"completed", 1}, {"failed", 1}, {"cancelled", 0}, {"timedOut", 0}, {"terminated", 0}});
  CHECK(statistics["webhooksToday"] == 2);

  const std::string token = AddPerson("viewer@example.com", v1::ROLE_VIEWER).access_token();
  CHECK(json::parse(Hello("Bearer " + token).body)["statistics"]["userProfiles"] == 2);
  CHECK(json::parse(Hello("Bearer " + other).body)["statistics"]["userProfiles"] == 0);
}

TEST_CASE_METHOD(Service, "bad credentials are a 401 that pages of any origin may read") {
  for (const std::string& bad : {std::string("Bearer pk_live_") + std::string(43, 'A'), std::string("Bearer x.y.z"),
                                 std::string("Basic YTpi"), std::string("nonsense")}) {
    INFO(bad);
    const HttpResponse refusal = Hello(bad);
    CHECK(refusal.status == 401);
    CHECK(refusal.header("www-authenticate") == "Bearer");
    CHECK(refusal.header("content-type") == "application/problem+json");
    CHECK(refusal.header("access-control-allow-origin") == "*");
    CHECK(json::parse(refusal.body)["status"] == 401);
  }
}

TEST_CASE_METHOD(Service, "a browser is told beforehand that it may send credentials") {
  const HttpResponse preflight = Hello("", "OPTIONS");
  CHECK(preflight.status == 204);
  CHECK(preflight.header("access-control-allow-origin") == "*");
  CHECK(preflight.header("access-control-allow-methods") == "GET, HEAD, OPTIONS");
  CHECK(preflight.header("access-control-allow-headers").find("authorization") != std::string::npos);
  const HttpResponse other_method = Hello("", "DELETE");
  CHECK(other_method.status == 405);
  CHECK(other_method.header("allow") == "GET, HEAD, OPTIONS");
}

}  // namespace
}  // namespace penstock::interfaces

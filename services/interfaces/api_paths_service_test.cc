// Every path of the API through the real front door: which service is asked, and what.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "services/interfaces/testing/api_fixture.h"

namespace penstock::interfaces {
namespace {

using nlohmann::json;
using penstock::testing::HttpClient;
using penstock::testing::HttpResponse;
using penstock::testing::RequestText;
using testing::ApiFixture;
using testing::FakeUpstream;

struct Case {
  const char *method, *target, *body, *rpc, *request;
  int status = 200;
};

struct Paths : ApiFixture {
  // `other` is asked nothing.
  void Check(std::span<const Case> cases, const FakeUpstream& asked, const FakeUpstream& other) {
    for (const Case& c : cases) {
      INFO(c.method << " " << c.target);
      HttpClient client = Connect();
      REQUIRE(client.SendRaw(RequestText(c.method, c.target, c.body)).ok());
      const HttpResponse response = *client.Read(std::string_view(c.method) == "HEAD");
      INFO(response.body);
      CHECK(response.status == c.status);
      REQUIRE_FALSE(asked.asked().empty());
      CHECK(asked.last().rpc == c.rpc);
      CHECK(json::parse(asked.last().request) == json::parse(c.request));
    }
    CHECK(asked.asked().size() == cases.size());
    CHECK(other.asked().empty());
  }
};

TEST_CASE_METHOD(Paths, "connectors and providers") {
  const Case kCases[] = {
      {"GET", "/api/v1/connectors", "", "ListConnectors", "{}"},
      {"HEAD", "/api/v1/connectors", "", "ListConnectors", "{}"},
      {"GET", "/api/v1/connectors?page_size=5&is_active=false&type=CONNECTOR_TYPE_SLACK", "",
       "ListConnectors", R"({"pageSize":5,"type":"CONNECTOR_TYPE_SLACK","isActive":false})"},
      {"GET", "/api/v1/connectors/7", "", "GetConnector", R"({"id":"7"})"},
      {"GET", "/api/v1/connectors:byType?type=4", "", "GetConnectorsByType",
       R"({"type":"CONNECTOR_TYPE_API"})"},
      {"PATCH", "/api/v1/connectors/7",
       R"({"connector":{"displayName":"x","isActive":false},"secrets":{"a":"b"}})",
       "UpdateConnector",
       R"({"connector":{"id":"7","displayName":"x"},"updateMask":"displayName,isActive",)"
       R"("secrets":{"a":"b"}})"},
      {"PUT", "/api/v1/connectors/7", R"({"connector":{"description":""}})", "UpdateConnector",
       R"({"connector":{"id":"7"},"updateMask":"description"})"},
      {"POST", "/api/v1/connectors/7/secrets", R"({"secrets":{"a":"b"},"clear":["c"]})",
       "SetConnectorSecrets", R"({"id":"7","secrets":{"a":"b"},"clear":["c"]})"},
      {"DELETE", "/api/v1/connectors/7", "", "DeleteConnector", R"({"id":"7"})", 204},
      {"POST", "/api/v1/connectors/7/test", "", "TestConnector", R"({"id":"7"})"},
      {"POST", "/api/v1/connectors/7/test-connection", "{}", "TestConnector", R"({"id":"7"})"},
      {"GET", "/api/v1/connectors/7/data?resource_path=/users&query%5Bq%5D=a%20b&query[page]=2", "",
       "FetchData", R"({"id":"7","resourcePath":"/users","query":{"q":"a b","page":"2"}})"},
      {"POST", "/api/v1/connectors/7/data", R"({"resourcePath":"/users"})", "FetchData",
       R"({"id":"7","resourcePath":"/users"})"},
      {"POST", "/api/v1/connectors/7/actions", R"({"action_name":"send","payload":{"a":[1]}})",
       "PerformAction", R"({"id":"7","actionName":"send","payload":{"a":[1]}})"},
      {"POST", "/api/v1/connectors/7/actions/send", R"({"payload":null,"dryRun":true})",
       "PerformAction", R"({"id":"7","actionName":"send","payload":null,"dryRun":true})"},
      {"GET", "/api/v1/connectors/7/actions", "", "ListActions", R"({"id":"7"})"},
      {"GET", "/api/v1/auth-types", "", "ListAuthTypes", "{}"},
      {"GET", "/api/v1/providers?category=crm", "", "ListProviders", R"({"category":"crm"})"},
      {"GET", "/api/v1/providers/slack", "", "GetProvider", R"({"id":"slack"})"},
      {"POST", "/api/v1/providers", R"({"id":"own"})", "CreateProvider",
       R"({"provider":{"id":"own"}})", 201},
      {"PATCH", "/api/v1/providers/own", R"({"notes":"x"})", "UpdateProvider",
       R"({"provider":{"id":"own","notes":"x"},"updateMask":"notes"})"},
      {"DELETE", "/api/v1/providers/own", "", "DeleteProvider", R"({"id":"own"})", 204},
  };
  Check(kCases, *connector, *scheduler);
}

TEST_CASE_METHOD(Paths, "grants, the record of uses, and keys") {
  const Case kCases[] = {
      {"POST", "/api/v1/grants", R"({"connectorId":"7","scopes":["a"]})", "CreateGrant",
       R"({"connectorId":"7","scopes":["a"]})", 201},
      {"GET", "/api/v1/grants?connector_id=7&state=GRANT_STATE_ACTIVE", "", "ListGrants",
       R"({"connectorId":"7","state":"GRANT_STATE_ACTIVE"})"},
      {"GET", "/api/v1/grants/8", "", "GetGrant", R"({"id":"8"})"},
      {"POST", "/api/v1/grants/8:authorize", R"({"return_to":"home"})", "StartAuthorization",
       R"({"id":"8","returnTo":"home"})"},
      {"POST", "/api/v1/grants/8:authorizeDevice", "", "StartDeviceAuthorization", R"({"id":"8"})"},
      {"POST", "/api/v1/grants/8:refresh", "{}", "RefreshGrant", R"({"id":"8"})"},
      {"POST", "/api/v1/grants/8:revoke", "", "RevokeGrant", R"({"id":"8"})"},
      {"DELETE", "/api/v1/grants/8?detach=true", "", "DeleteGrant", R"({"id":"8","detach":true})",
       204},
      {"GET", "/api/v1/credential-uses?owner_id=7&start_time=2026-11-21T00:00:00Z", "",
       "ListCredentialUses", R"({"ownerId":"7","startTime":"2026-11-21T00:00:00Z"})"},
      {"POST", "/api/v1/credential-uses:verify", "", "VerifyCredentialAudit", "{}"},
      {"GET", "/api/v1/platform/keys?tenant_id=t", "", "GetKeyStatus", R"({"tenantId":"t"})"},
      {"POST", "/api/v1/platform/key-rotations", R"({"level":"KEY_LEVEL_ROOT"})",
       "StartKeyRotation", R"({"level":"KEY_LEVEL_ROOT"})"},
      {"GET", "/api/v1/platform/key-rotations", "", "ListKeyRotations", "{}"},
      {"GET", "/api/v1/platform/key-rotations/9", "", "GetKeyRotation", R"({"id":"9"})"},
      {"POST", "/api/v1/platform/key-rotations/9:cancel", R"({"reason":"x"})", "CancelKeyRotation",
       R"({"id":"9","reason":"x"})"},
      {"POST", "/api/v1/platform/tenants/t/keys:destroy", R"({"confirmation":"acme"})",
       "DestroyTenantKeys", R"({"tenantId":"t","confirmation":"acme"})"},
  };
  Check(kCases, *connector, *scheduler);
}

TEST_CASE_METHOD(Paths, "project connectors") {
  const Case kCases[] = {
      {"POST", "/api/v1/project-connectors", R"({"name":"billing","target_project_id":"b"})",
       "CreateProjectConnector",
       R"({"projectConnector":{"name":"billing","targetProjectId":"b"}})", 201},
      {"GET", "/api/v1/project-connectors?source_project_id=a", "", "ListProjectConnectors",
       R"({"sourceProjectId":"a"})"},
      {"GET", "/api/v1/project-connectors:bySourceProject?project_id=a", "",
       "GetProjectConnectorsBySourceProject", R"({"projectId":"a"})"},
      {"GET", "/api/v1/project-connectors:byTargetProject?project_id=b", "",
       "GetProjectConnectorsByTargetProject", R"({"projectId":"b"})"},
      {"GET", "/api/v1/project-connectors/3", "", "GetProjectConnector", R"({"id":"3"})"},
      {"PATCH", "/api/v1/project-connectors/3", R"({"displayName":"x"})", "UpdateProjectConnector",
       R"({"projectConnector":{"id":"3","displayName":"x"},"updateMask":"displayName"})"},
      {"DELETE", "/api/v1/project-connectors/3", "", "DeleteProjectConnector", R"({"id":"3"})", 204},
  };
  Check(kCases, *connector, *scheduler);
}

TEST_CASE_METHOD(Paths, "schedules") {
  const Case kCases[] = {
      {"POST", "/api/v1/schedules",
       R"({"schedule":{"workflow_id":"w","spec":{"crons":[{"expression":"@daily"}]},"data":[1]}})",
       "CreateSchedule",
       R"({"schedule":{"workflowId":"w","spec":{"crons":[{"expression":"@daily"}]},"data":[1]}})",
       201},
      {"GET", "/api/v1/schedules?workflow_id=w&status=SCHEDULE_STATUS_PAUSED", "", "ListSchedules",
       R"({"workflowId":"w","status":"SCHEDULE_STATUS_PAUSED"})"},
      {"GET", "/api/v1/schedules/5", "", "GetSchedule", R"({"id":"5"})"},
      {"PATCH", "/api/v1/schedules/5", R"({"name":"x","remainingRuns":null,"etag":"e"})",
       "UpdateSchedule",
       R"({"schedule":{"id":"5","name":"x","etag":"e"},"updateMask":"name,remainingRuns"})"},
      {"PUT", "/api/v1/schedules/5", R"({"data":{"a":1}})", "UpdateSchedule",
       R"({"schedule":{"id":"5","data":{"a":1}},"updateMask":"data"})"},
      {"DELETE", "/api/v1/schedules/5", "", "DeleteSchedule", R"({"id":"5"})", 204},
      {"POST", "/api/v1/schedules/5:pause", R"({"note":"x"})", "PauseSchedule",
       R"({"id":"5","note":"x"})"},
      {"POST", "/api/v1/schedules/5:resume", "", "ResumeSchedule", R"({"id":"5"})"},
      {"POST", "/api/v1/schedules/5:runNow", "{}", "RunSchedule", R"({"id":"5"})"},
      {"POST", "/api/v1/schedules/5:backfill",
       R"({"start_time":"2026-01-01T00:00:00Z","end_time":"2026-01-02T00:00:00Z"})",
       "BackfillSchedule",
       R"({"id":"5","startTime":"2026-01-01T00:00:00Z","endTime":"2026-01-02T00:00:00Z"})"},
      {"GET", "/api/v1/backfills/6", "", "GetBackfill", R"({"id":"6"})"},
      {"POST", "/api/v1/schedules:preview", R"({"spec":{"intervals":[{"every":"5s"}]},"count":3})",
       "PreviewSchedule", R"({"spec":{"intervals":[{"every":"5s"}]},"count":3})"},
      {"GET", "/api/v1/schedules/5/runs?state=RUN_STATE_SKIPPED", "", "ListScheduleRuns",
       R"({"scheduleId":"5","state":"RUN_STATE_SKIPPED"})"},
  };
  Check(kCases, *scheduler, *connector);
}

TEST_CASE_METHOD(Paths, "what browsers bring to the front door is no call of the API") {
  for (const char* target : {"/api/v1/grants:complete", "/api/v1/grants/8:open",
                             "/penstock.connector.v1.GrantService/CompleteAuthorization",
                             "/api/v1/penstock.connector.v1.GrantService/CompleteAuthorization"}) {
    INFO(target);
    const int status = Call("POST", target, "{}").status;
    CHECK((status == 404 || status == 405));
  }
  CHECK(connector->asked().empty());
}

}  // namespace
}  // namespace penstock::interfaces

// Connectors and schedules by HTTP and JSON with an API key: the front door, connector-service and
// scheduler as they are deployed, a third party on loopback.
#include <catch2/catch.hpp>

#include "libs/testing/check.h"
#include "tests/e2e/people.h"
#include "tests/e2e/third_party.h"
#include "tests/e2e/workbench.h"
#include "tests/harness/http.h"

namespace penstock::e2e {
namespace {

using harness::HttpReply;
using nlohmann::json;
using testing::Check;

constexpr char kSecret[] = "planted-rest-key-9a41c7";
constexpr char kConnectors[] = "/api/v1/connectors";
constexpr char kSchedules[] = "/api/v1/schedules";

// One caller of the API. All that is said to it is looked through for secrets.
class Api {
 public:
  explicit Api(std::string key) : key_(std::move(key)) {}

  HttpReply Call(const std::string& method, const std::string& path, const json& body = nullptr,
                 std::vector<std::string> headers = {}) const {
    if (!key_.empty()) headers.push_back("Authorization: Bearer " + key_);
    if (!body.is_null()) headers.push_back("Content-Type: application/json");
    const std::string url = "http://127.0.0.1:" + std::to_string(SharedDeployment().http_port());
    const HttpReply reply = Check(harness::Call({.url = url + path,
                                                 .method = method,
                                                 .body = body.is_null() ? "" : body.dump(),
                                                 .headers = std::move(headers)}),
                                  method + " " + path);
    INFO(method << " " << path << " -> " << reply.status << " " << reply.body);
    CHECK(reply.body.find(kSecret) == std::string::npos);
    if (!key_.empty()) CHECK(reply.body.find(key_) == std::string::npos);
    return reply;
  }

  // The answer of a call that must succeed so; null when it has none.
  json Ask(const std::string& method, const std::string& path, const json& body = nullptr,
           int status = 200) const {
    const HttpReply reply = Call(method, path, body);
    INFO(method << " " << path << " -> " << reply.status << " " << reply.body);
    REQUIRE(reply.status == status);
    return reply.body.empty() ? json() : json::parse(reply.body);
  }

  // The problem of a call that must fail so.
  json Problem(const std::string& method, const std::string& path, const json& body, int status,
               const std::string& code) const {
    const HttpReply reply = Call(method, path, body);
    INFO(method << " " << path << " -> " << reply.status << " " << reply.body);
    REQUIRE(reply.status == status);
    CHECK(reply.headers.at("content-type") == "application/problem+json");
    const json problem = json::parse(reply.body);
    CHECK(problem["code"] == code);
    CHECK(problem["requestId"] == reply.headers.at("x-request-id"));
    return problem;
  }

 private:
  std::string key_;
};

const Api& Owner() {
  static const Api api(SharedDeployment().api_key());
  return api;
}

const Api& Viewer() {
  static const Api api(
      Check(People(SharedDeployment().clients()).CreateKey("rest-viewer", tenancy::v1::ROLE_VIEWER),
            "a viewer's key")
          .key());
  return api;
}

// The owner of another tenant.
const Api& Stranger() {
  static const Api api([] {
    Must(SharedDeployment().CreateTenant("rest-other"));
    const auto owner = Must(SharedDeployment().NewCaller("rest-other", "owner"));
    return Check(People(*owner).CreateKey("rest", tenancy::v1::ROLE_OWNER), "its key").key();
  }());
  return api;
}

json NewConnector(const std::string& name, const ThirdParty& third_party) {
  return {{"connector",
           {{"name", name},
            {"serviceName", "example"},
            {"type", "CONNECTOR_TYPE_API"},
            {"authType", "api_key"},
            {"authConfig", {{"in", "header"}, {"name", "X-Api-Key"}}},
            {"baseUrl", third_party.base_url() + "/v1"}}},
          {"secrets", {{"api_key", kSecret}}}};
}

std::string MakeConnector(const std::string& name, const ThirdParty& third_party) {
  return kConnectors + std::string("/") +
         Owner()
             .Ask("POST", kConnectors, NewConnector(name, third_party), 201)["id"]
             .get<std::string>();
}

json NewSchedule() {
  static const std::string workflow =
      Publish(SharedDeployment().clients(), Chain({WebhookTrigger("rest-scheduled")}));
  return {{"schedule",
           {{"workflowId", workflow},
            {"name", "hourly"},
            {"spec", {{"intervals", {{{"every", "3600s"}}}}}},
            {"data", {{"message", "hello"}}}}}};
}

std::string MakeSchedule() {
  return kSchedules + std::string("/") +
         Owner().Ask("POST", kSchedules, NewSchedule(), 201)["id"].get<std::string>();
}

bool HasId(const json& list, const std::string& path) {
  const std::string id = path.substr(path.rfind('/') + 1);
  return std::any_of(list.begin(), list.end(), [&](const json& item) { return item["id"] == id; });
}

TEST_CASE("a connector is made, found, changed, tried, used and removed by HTTP") {
  ThirdParty third_party([](const egress::ReceivedRequest& request) {
    // It repeats what it was sent, as some do.
    return ThirdParty::Answer{.body = json{{"key", request.headers.at("x-api-key")},
                                           {"target", request.target},
                                           {"body", request.body}}
                                          .dump()};
  });
  const std::string connector = MakeConnector("rest-whole", third_party);
  CHECK(Owner().Ask("GET", connector)["secrets"][0]["isSet"] == true);
  CHECK(HasId(Owner().Ask("GET", std::string(kConnectors) + "?page_size=200")["connectors"],
              connector));
  CHECK(Owner().Ask("PATCH", connector,
                    {{"connector", {{"displayName", "Whole"}}}})["displayName"] == "Whole");
  CHECK(Owner().Ask("PUT", connector, {{"connector", {{"description", "put"}}}})["displayName"] ==
        "Whole");
  CHECK(Owner().Ask("POST", connector + "/test-connection")["outcome"] == "OUTCOME_SUCCESS");

  const json data = Owner().Ask("GET", connector + "/data?resource_path=/users&query[page]=2");
  CHECK(data["answer"]["body"]["target"] == "/v1/users?page=2");
  CHECK(third_party.received().back().headers.at("x-api-key") == kSecret);
  const json acted = Owner().Ask("POST", connector + "/actions",
                                 {{"action_name", "greet"}, {"payload", {{"name", "Ann"}}}});
  CHECK(acted["answer"]["body"]["target"] == "/v1/actions/greet");
  CHECK(json::parse(third_party.received().back().body) == json{{"name", "Ann"}});

  const std::string id = connector.substr(connector.rfind('/') + 1);
  const json uses = Owner().Ask("GET", "/api/v1/credential-uses?owner_id=" + id);
  CHECK(uses["credentialUses"].size() >= 3);
  CHECK(Owner().Ask("POST", "/api/v1/credential-uses:verify")["intact"] == true);

  Owner().Ask("DELETE", connector, nullptr, 204);
  Owner().Problem("GET", connector, nullptr, 404, "NOT_FOUND");
}

TEST_CASE("a schedule is made, looked ahead, paused, run and removed by HTTP") {
  const std::string schedule = MakeSchedule();
  const json made = Owner().Ask("GET", schedule);
  CHECK(made["status"] == "SCHEDULE_STATUS_ACTIVE");
  CHECK(
      HasId(Owner().Ask("GET", std::string(kSchedules) + "?page_size=200")["schedules"], schedule));
  CHECK(Owner().Ask("PATCH", schedule, {{"name", "renamed"}, {"etag", made["etag"]}})["name"] ==
        "renamed");
  Owner().Problem("PATCH", schedule, {{"name", "again"}, {"etag", made["etag"]}}, 409,
                  "ETAG_MISMATCH");
  const json ahead = Owner().Ask(
      "POST", std::string(kSchedules) + ":preview",
      {{"spec", {{"crons", {{{"expression", "0 9 * * *"}}}}, {"timeZone", "Europe/Berlin"}}},
       {"afterTime", "2027-03-27T12:00:00Z"},
       {"count", 1}});
  CHECK(ahead["instants"][0]["localTime"] == "2027-03-28T09:00:00+02:00");

  CHECK(Owner().Ask("POST", schedule + ":pause", {{"note", "tea"}})["note"] == "tea");
  CHECK(Owner().Ask("GET", schedule)["status"] == "SCHEDULE_STATUS_PAUSED");
  CHECK(Owner().Ask("POST", schedule + ":runNow")["origin"] == "RUN_ORIGIN_RUN_NOW");
  CHECK(Owner().Ask("GET", schedule + "/runs")["runs"].size() == 1);
  CHECK(Owner().Ask("POST", schedule + ":resume")["status"] == "SCHEDULE_STATUS_ACTIVE");
  Owner().Ask("DELETE", schedule, nullptr, 204);
  Owner().Problem("GET", schedule, nullptr, 404, "NOT_FOUND");
}

TEST_CASE("another tenant's connectors and schedules are nowhere") {
  ThirdParty third_party;
  const std::string connector = MakeConnector("rest-apart", third_party);
  const std::string schedule = MakeSchedule();
  const std::pair<std::string, std::string> kCalls[] = {
      {"GET", connector},
      {"DELETE", connector},
      {"POST", connector + "/test"},
      {"GET", connector + "/data"},
      {"GET", schedule},
      {"DELETE", schedule},
      {"POST", schedule + ":pause"},
      {"POST", schedule + ":runNow"},
      {"GET", schedule + "/runs"},
  };
  for (const auto& [method, path] : kCalls) {
    Stranger().Problem(method, path, nullptr, 404, "NOT_FOUND");
  }
  Stranger().Problem("PATCH", connector, {{"connector", {{"displayName", "mine"}}}}, 404,
                     "NOT_FOUND");
  Stranger().Problem("PATCH", schedule, {{"name", "mine"}}, 404, "NOT_FOUND");
  CHECK(Stranger().Ask("GET", kConnectors)["connectors"].empty());
  CHECK(Stranger().Ask("GET", kSchedules)["schedules"].empty());
  CHECK(third_party.received().empty());
}

TEST_CASE("a name that is taken is 409, what is wrong with a field is 400 and names it") {
  ThirdParty third_party;
  MakeConnector("rest-taken", third_party);
  Owner().Problem("POST", kConnectors, NewConnector("rest-taken", third_party), 409,
                  "CONNECTOR_NAME_TAKEN");
  json wrong = NewConnector("Not A Name", third_party);
  wrong["connector"]["authConfig"]["api_key"] = kSecret;
  const json problem = Owner().Problem("POST", kConnectors, wrong, 400, "INVALID_ARGUMENT");
  CHECK(problem["violations"][0]["field"] == "connector.name");
  CHECK(problem["grpcCode"] == "INVALID_ARGUMENT");
  json unknown = NewConnector("rest-unknown", third_party);
  unknown["connector"]["secret"] = kSecret;
  CHECK(Owner().Problem("POST", kConnectors, unknown, 400,
                        "INVALID_ARGUMENT")["violations"][0]["field"] == "connector.secret");
  json cron = NewSchedule();
  cron["schedule"]["spec"] = {{"crons", {{{"expression", "0 0 0 * * *"}}}}};
  CHECK(Owner()
            .Problem("POST", kSchedules, cron, 400, "INVALID_ARGUMENT")["violations"][0]["field"]
            .get<std::string>()
            .starts_with("schedule.spec.crons[0]"));
}

TEST_CASE("a third party that fails is 502 with its status, and the connector keeps it") {
  ThirdParty third_party(
      [](const egress::ReceivedRequest&) { return ThirdParty::Answer{.status = 403}; });
  const std::string connector = MakeConnector("rest-failing", third_party);
  const json rejected = Owner().Problem("GET", connector + "/data?resource_path=/x", nullptr, 502,
                                        "UPSTREAM_REJECTED");
  CHECK(rejected["upstreamStatus"] == 403);
  CHECK(rejected["grpcCode"] == "UNAVAILABLE");
  CHECK(Owner().Ask("GET", connector)["lastError"]["httpStatus"] == 403);
  const json test = Owner().Ask("POST", connector + "/test");
  CHECK(test["outcome"] == "OUTCOME_FAILURE");
  CHECK(test["httpStatus"] == 403);
  third_party.set_respond(
      [](const egress::ReceivedRequest&) { return ThirdParty::Answer{.status = 500}; });
  const json failed = Owner().Problem("POST", connector + "/actions/greet", {{"payload", 1}}, 502,
                                      "UPSTREAM_FAILED");
  CHECK(failed["upstreamStatus"] == 500);
}

TEST_CASE("who says nothing, something wrong, or may not is told so") {
  const HttpReply nobody = Api("").Call("GET", kConnectors);
  CHECK(nobody.status == 401);
  CHECK(nobody.headers.at("www-authenticate") == "Bearer");
  CHECK(Api("").Call("GET", kSchedules).status == 401);
  CHECK(Api("pk_test_nobody").Call("GET", kConnectors).status == 401);
  ThirdParty third_party;
  const std::string connector = MakeConnector("rest-guarded", third_party);
  const std::string schedule = MakeSchedule();
  CHECK(Viewer().Ask("GET", connector)["name"] == "rest-guarded");
  CHECK(Viewer().Ask("GET", schedule)["name"] == "hourly");
  Viewer().Problem("POST", kConnectors, NewConnector("rest-never", third_party), 403,
                   "ROLE_NOT_ALLOWED");
  Viewer().Problem("POST", connector + "/test", nullptr, 403, "ROLE_NOT_ALLOWED");
  Viewer().Problem("DELETE", schedule, nullptr, 403, "ROLE_NOT_ALLOWED");
  Viewer().Problem("POST", schedule + ":pause", nullptr, 403, "ROLE_NOT_ALLOWED");
  Viewer().Problem("GET", "/api/v1/credential-uses", nullptr, 403, "ROLE_NOT_ALLOWED");
  Owner().Problem("GET", "/api/v1/platform/keys", nullptr, 403, "PLATFORM_ONLY");
  CHECK(third_party.received().empty());
}

TEST_CASE("a body that is too large is 413") {
  json large = NewSchedule();
  large["schedule"]["metadata"] = {{"text", std::string(2 << 20, 'x')}};
  CHECK(Owner().Call("POST", kSchedules, large).status == 413);
}

TEST_CASE("a page of a listed origin may ask, another may not") {
  const std::vector<std::string> asks = {"Access-Control-Request-Method: PATCH",
                                         "Access-Control-Request-Headers: authorization"};
  auto preflight = [&](const std::string& origin) {
    std::vector<std::string> headers = asks;
    headers.push_back("Origin: " + origin);
    return Api("").Call("OPTIONS", std::string(kSchedules) + "/5", nullptr, headers);
  };
  const HttpReply ours = preflight("https://app.example.com");
  CHECK(ours.status == 204);
  CHECK(ours.headers.at("access-control-allow-origin") == "https://app.example.com");
  CHECK(ours.headers.at("access-control-allow-methods").find("PATCH") != std::string::npos);
  CHECK(ours.headers.at("access-control-allow-headers").find("authorization") != std::string::npos);
  CHECK_FALSE(preflight("https://evil.example").headers.contains("access-control-allow-origin"));
}

TEST_CASE("the document of the API has connectors and schedules") {
  const json paths = Api("").Ask("GET", "/api/v1/openapi.json")["paths"];
  CHECK(paths["/api/v1/connectors/{id}"].contains("patch"));
  CHECK(paths["/api/v1/schedules/{id}:pause"].contains("post"));
  CHECK(paths["/api/v1/schedules/{schedule_id}/runs"].contains("get"));
  CHECK(paths.dump().find("CompleteAuthorization") == std::string::npos);
}

}  // namespace
}  // namespace penstock::e2e

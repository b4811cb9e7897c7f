// Connectors as their users meet them: real services and database, a third party on loopback.
#include <catch2/catch.hpp>

#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "tests/e2e/people.h"
#include "tests/e2e/third_party.h"
#include "tests/e2e/workbench.h"

namespace penstock::e2e {
namespace {

namespace v1 = connector::v1;
using Stub = v1::ConnectorService::Stub;
using nlohmann::json;
using testing::Check;

constexpr char kSecret[] = "planted-api-key-4f1d2c";

Clients& Caller() { return SharedDeployment().clients(); }

template <typename Request, typename Response>
absl::StatusOr<Response> Ask(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                          Response*),
                             const Request& request, Clients& clients = Caller()) {
  return clients.Call(method, clients.connectors(), request);
}

v1::CreateConnectorRequest NewConnector(const std::string& name, const ThirdParty& third_party) {
  v1::CreateConnectorRequest request;
  v1::Connector& connector = *request.mutable_connector();
  connector.set_name(name);
  connector.set_service_name("example");
  connector.set_type(v1::CONNECTOR_TYPE_API);
  connector.set_auth_type("api_key");
  auto& config = *connector.mutable_auth_config()->mutable_fields();
  config["in"].set_string_value("header");
  config["name"].set_string_value("X-Api-Key");
  connector.set_base_url(third_party.base_url() + "/v1");
  (*request.mutable_secrets())["api_key"] = kSecret;
  return request;
}

v1::Connector Create(const std::string& name, const ThirdParty& third_party) {
  return Check(Ask(&Stub::CreateConnector, NewConnector(name, third_party)), "create");
}

v1::Connector Read(const std::string& id) {
  v1::GetConnectorRequest request;
  request.set_id(id);
  return Check(Ask(&Stub::GetConnector, request), "get");
}

absl::StatusOr<v1::FetchDataResponse> Fetch(const std::string& id, const std::string& path,
                                            Clients& clients = Caller()) {
  v1::FetchDataRequest request;
  request.set_id(id);
  request.set_resource_path(path);
  return Ask(&Stub::FetchData, request, clients);
}

absl::StatusOr<v1::TestConnectorResponse> Test(const std::string& id) {
  v1::TestConnectorRequest request;
  request.set_id(id);
  return Ask(&Stub::TestConnector, request);
}

bool Tells(const google::protobuf::Message& message) {
  return ToJson(message).dump().find(kSecret) != std::string::npos;
}

TEST_CASE("a connector is made, tried, read from, and never tells its secret") {
  ThirdParty third_party([](const egress::ReceivedRequest& request) {
    // It repeats what it was sent, as some do.
    return ThirdParty::Answer{
        .body = json{{"key", request.headers.at("x-api-key")}, {"target", request.target}}.dump()};
  });
  const v1::Connector made = Create("told", third_party);
  CHECK_FALSE(Tells(made));
  REQUIRE(made.secrets_size() == 1);
  CHECK(made.secrets(0).is_set());

  const auto test = Check(Test(made.id()), "test");
  CHECK(test.outcome() == v1::TestConnectorResponse::OUTCOME_SUCCESS);
  CHECK(third_party.received().back().headers.at("x-api-key") == kSecret);

  const auto answer = Check(Fetch(made.id(), "/users/me"), "fetch");
  CHECK(third_party.received().back().target == "/v1/users/me");
  CHECK(answer.answer().http_status() == 200);
  CHECK_FALSE(Tells(answer));
  CHECK(ToJson(answer)["answer"]["body"]["target"] == "/v1/users/me");
  CHECK(Read(made.id()).has_last_connect_time());
}

TEST_CASE("what went wrong is told, kept, and cleared by the next success") {
  ThirdParty third_party(
      [](const egress::ReceivedRequest&) { return ThirdParty::Answer{.status = 403}; });
  const v1::Connector made = Create("failing", third_party);
  const absl::Status status = Fetch(made.id(), "/x").status();
  CHECK(absl::IsUnavailable(status));
  CHECK(ReasonOf(status) == "UPSTREAM_REJECTED");
  CHECK(MetadataOf(status, "http_status") == "403");
  CHECK(Read(made.id()).last_error().http_status() == 403);
  const auto test = Check(Test(made.id()), "test");
  CHECK(test.outcome() == v1::TestConnectorResponse::OUTCOME_FAILURE);
  CHECK(test.error().http_status() == 403);
  third_party.set_respond([](const egress::ReceivedRequest&) { return ThirdParty::Answer{}; });
  Check(Fetch(made.id(), "/x").status(), "fetch");
  CHECK_FALSE(Read(made.id()).has_last_error());
}

TEST_CASE("an error that is asked for is an answer") {
  ThirdParty third_party(
      [](const egress::ReceivedRequest&) { return ThirdParty::Answer{.status = 404}; });
  v1::FetchDataRequest request;
  request.set_id(Create("lenient", third_party).id());
  request.set_resource_path("/nobody");
  request.set_accept_error_status(true);
  CHECK(Check(Ask(&Stub::FetchData, request), "fetch").answer().http_status() == 404);
}

TEST_CASE("a third party that can't be reached is UNAVAILABLE") {
  std::string id;
  {
    ThirdParty third_party;
    id = Create("gone", third_party).id();
  }
  CHECK(absl::IsUnavailable(Test(id).status()));
  CHECK(Read(id).last_error().http_status() == 0);
}

TEST_CASE("names are unique, request ids are kept") {
  ThirdParty third_party;
  v1::CreateConnectorRequest request = NewConnector("unique", third_party);
  request.set_request_id("create-unique");
  const v1::Connector first = Check(Ask(&Stub::CreateConnector, request), "create");
  CHECK(Check(Ask(&Stub::CreateConnector, request), "again").id() == first.id());
  request.set_request_id("");
  const absl::Status taken = Ask(&Stub::CreateConnector, request).status();
  CHECK(absl::IsAlreadyExists(taken));
  CHECK(ReasonOf(taken) == "CONNECTOR_NAME_TAKEN");
}

TEST_CASE("everything that is wrong with a connector is said at once, and no secret of it") {
  ThirdParty third_party;
  v1::CreateConnectorRequest request = NewConnector("Not A Name", third_party);
  request.mutable_connector()->set_base_url("https://user:pass@example.com/");
  (*request.mutable_connector()->mutable_auth_config()->mutable_fields())["api_key"]
      .set_string_value(kSecret);
  const absl::Status status = Ask(&Stub::CreateConnector, request).status();
  CHECK(absl::IsInvalidArgument(status));
  CHECK(ViolationsOf(status).size() >= 3);
  CHECK(status.ToString().find(kSecret) == std::string::npos);
}

TEST_CASE("an inactive connector refuses calls") {
  ThirdParty third_party;
  v1::UpdateConnectorRequest update;
  update.mutable_connector()->set_id(Create("resting", third_party).id());
  update.mutable_update_mask()->add_paths("is_active");
  Check(Ask(&Stub::UpdateConnector, update).status(), "update");
  const absl::Status status = Fetch(update.connector().id(), "/x").status();
  CHECK(absl::IsFailedPrecondition(status));
  CHECK(ReasonOf(status) == "CONNECTOR_INACTIVE");
  CHECK(third_party.received().empty());
}

TEST_CASE("secrets go nowhere else unless they are entered again") {
  ThirdParty third_party, elsewhere;
  const v1::Connector made = Create("moved", third_party);
  v1::UpdateConnectorRequest update;
  update.mutable_connector()->set_id(made.id());
  update.mutable_connector()->set_base_url(elsewhere.base_url());
  const absl::Status status = Ask(&Stub::UpdateConnector, update).status();
  CHECK(absl::IsFailedPrecondition(status));
  CHECK(ReasonOf(status) == "SECRETS_NEEDED");
  (*update.mutable_secrets())["api_key"] = "another-key-of-elsewhere";
  Check(Ask(&Stub::UpdateConnector, update).status(), "update with secrets");
  Check(Fetch(made.id(), "/x").status(), "fetch");
  CHECK(elsewhere.received().back().headers.at("x-api-key") == "another-key-of-elsewhere");
}

TEST_CASE("a path stays on the connector's host") {
  ThirdParty third_party, elsewhere;
  const v1::Connector made = Create("contained", third_party);
  for (const std::string& path :
       {elsewhere.base_url() + "/x", std::string("//evil.example/x"), std::string("/../../x"),
        std::string("/%2e%2e/x"), std::string("/x\r\nHost: evil"), std::string("\\\\evil\\x")}) {
    INFO(path);
    CHECK(absl::IsInvalidArgument(Fetch(made.id(), path).status()));
  }
  CHECK(third_party.received().empty());
  CHECK(elsewhere.received().empty());
}

TEST_CASE("a redirect to another origin gets no credential") {
  ThirdParty elsewhere;
  ThirdParty third_party([&](const egress::ReceivedRequest&) {
    return ThirdParty::Answer{.status = 302,
                              .more_headers = "Location: " + elsewhere.base_url() + "/stolen\r\n"};
  });
  const v1::Connector made = Create("redirected", third_party);
  CHECK_FALSE(Fetch(made.id(), "/x").ok());
  CHECK(elsewhere.received().empty());
}

TEST_CASE("an operation of the api_spec is checked before it is sent") {
  ThirdParty third_party;
  v1::CreateConnectorRequest request = NewConnector("described", third_party);
  Check(google::protobuf::util::JsonStringToMessage(R"({
    "openapi": "3.0.3", "info": {"title": "Notes", "version": "1"},
    "paths": {"/notes/{id}": {"put": {"operationId": "putNote",
      "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
      "requestBody": {"required": true, "content": {"application/json": {"schema":
        {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}}}},
      "responses": {"200": {"description": "ok"}}}}}})",
                                                    request.mutable_connector()->mutable_api_spec())
                .ok()
            ? absl::OkStatus()
            : absl::InternalError("spec"),
        "spec");
  const v1::Connector made = Check(Ask(&Stub::CreateConnector, request), "create");
  v1::ListActionsRequest list;
  list.set_id(made.id());
  REQUIRE(Check(Ask(&Stub::ListActions, list), "list").actions_size() == 1);

  v1::PerformActionRequest action;
  action.set_id(made.id());
  action.set_action_name("putNote");
  const auto payload = [&](const char* text) {
    REQUIRE(google::protobuf::util::JsonStringToMessage(text, action.mutable_payload()).ok());
  };
  payload(R"({"path":{"id":"a/b"},"body":{"text":7}})");
  CHECK(absl::IsInvalidArgument(Ask(&Stub::PerformAction, action).status()));
  CHECK(third_party.received().empty());
  payload(R"({"path":{"id":"a/b"},"body":{"text":"hello"}})");
  action.set_dry_run(true);
  const auto prepared = Check(Ask(&Stub::PerformAction, action), "dry run").request();
  CHECK(prepared.headers().at("X-Api-Key") == "{{secret.api_key}}");
  CHECK(prepared.url() == third_party.base_url() + "/v1/notes/a%2Fb");
  CHECK(third_party.received().empty());
  action.set_dry_run(false);
  Check(Ask(&Stub::PerformAction, action).status(), "perform");
  CHECK(third_party.received().back().target == "/v1/notes/a%2Fb");
  CHECK(third_party.received().back().body == R"({"text":"hello"})");
}

TEST_CASE("another tenant's connector is not there") {
  ThirdParty third_party;
  const v1::Connector made = Create("private", third_party);
  Deployment& deployment = SharedDeployment();
  Check(deployment.CreateTenant("stranger"), "another tenant");
  const auto stranger = Check(deployment.NewCaller("stranger", "owner"), "caller");
  CHECK(absl::IsNotFound(Fetch(made.id(), "/x", *stranger).status()));
}

TEST_CASE("a workflow calls through a connector and sees no secret") {
  ThirdParty third_party([](const egress::ReceivedRequest& request) {
    return ThirdParty::Answer{
        .body = json{{"echo", json::parse(request.body)}, {"key", request.headers.at("x-api-key")}}
                    .dump()};
  });
  Create("in-workflow", third_party);
  const std::string workflow = Publish(
      Caller(),
      Chain({WebhookTrigger("connector"), Node("call", "connector",
                                               {{"connector", "in-workflow"},
                                                {"action", "greet"},
                                                {"payload", {{"name", "{{data.name}}"}}}})}));
  const Execution execution =
      Must(Start(Caller(), workflow, {{"name", "Ann"}}, workflow::v1::WAIT_MODE_COMPLETED));
  INFO(ToJson(execution).dump());
  REQUIRE(execution.state() == workflow::v1::EXECUTION_STATE_COMPLETED);
  const egress::ReceivedRequest received = third_party.received().back();
  CHECK(received.target == "/v1/actions/greet");
  CHECK(received.headers.at("x-api-key") == kSecret);
  CHECK(json::parse(received.body) == json{{"name", "Ann"}});
  CHECK_FALSE(received.headers.at("idempotency-key").empty());
  const json whole = ToJson(Must(e2e::Get(Caller(), execution.id())));
  CHECK(whole.dump().find("\"Ann\"") != std::string::npos);
  CHECK(whole.dump().find(kSecret) == std::string::npos);
}

TEST_CASE("a workflow uses no connector of another project") {
  ThirdParty third_party;
  People people(Caller());
  v1::CreateConnectorRequest request = NewConnector("of-another", third_party);
  request.mutable_connector()->set_project_id(
      Check(people.CreateProject("connector-apart"), "project").id());
  const std::string id = Check(Ask(&Stub::CreateConnector, request), "create").id();
  for (const std::string& named : {std::string("of-another"), id}) {
    const std::string workflow = Publish(
        Caller(),
        Chain({WebhookTrigger("apart-" + named.substr(0, 4)),
               Node("call", "connector", {{"connector", named}, {"resource_path", "/x"}})}));
    const Execution execution =
        Must(Start(Caller(), workflow, json::object(), workflow::v1::WAIT_MODE_COMPLETED));
    CHECK(execution.state() == workflow::v1::EXECUTION_STATE_FAILED);
    CHECK(execution.error().type() == "NOT_FOUND");
  }
  CHECK(third_party.received().empty());
}

}  // namespace
}  // namespace penstock::e2e

// What connector-service holds for its tenants is nowhere to be read: not in answers of gRPC and
// HTTP, errors, metrics, events, the most talkative logs, the database's files and dump, or a core
// file.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "libs/testing/check.h"
#include "penstock/connector/v1/credential_audit.grpc.pb.h"
#include "penstock/connector/v1/grant.grpc.pb.h"
#include "tests/e2e/consent.h"
#include "tests/e2e/planted.h"
#include "tests/e2e/third_party.h"
#include "tests/harness/http.h"

namespace penstock::e2e {
namespace {

namespace v1 = connector::v1;
using testing::Check;
using Connectors = v1::ConnectorService::Stub;
using GrantsStub = v1::GrantService::Stub;

// A third party that repeats what it was sent: in the body, a header, and an error.
ThirdParty::Answer Repeat(const egress::ReceivedRequest& request) {
  const std::string key = request.headers.at("authorization");
  return {.status = request.target == "/fail" ? 400 : 200,
          .body = nlohmann::json{{"you", "sent"}, {"it", key}, {"at", request.target}}.dump(),
          .more_headers = "Content-Type: application/json\r\nX-Echo: " + key + "\r\n"};
}

struct World {
  harness::Environment talkative = {{"PENSTOCK_LOG_LEVEL", "debug"}};
  std::unique_ptr<Deployment> deployment =
      Check(Deployment::Start({.connectors = true,
                               .engine_settings = talkative,
                               .interfaces_settings = talkative,
                               .connector_settings = talkative}),
            "start");
  Clients& clients = deployment->clients();
  ThirdParty third_party{Repeat};
  Planted planted;

  v1::CreateConnectorRequest NewBearer(const std::string& name) {
    v1::CreateConnectorRequest create;
    create.mutable_connector()->set_name(name);
    create.mutable_connector()->set_service_name("example");
    create.mutable_connector()->set_auth_type("bearer");
    create.mutable_connector()->set_base_url(third_party.base_url());
    (*create.mutable_secrets())["token"] = "planted-connector-token";
    return create;
  }
  template <typename Request, typename Response>
  absl::StatusOr<Response> Ask(grpc::Status (Connectors::*method)(grpc::ClientContext*,
                                                                  const Request&, Response*),
                               const Request& request) {
    const auto answer = clients.Call(method, clients.connectors(), request);
    planted.Note(answer);
    return answer;
  }
};

void CallThirdParty(World& world) {
  const auto made = Check(world.Ask(&Connectors::CreateConnector, world.NewBearer("planted")), "");
  v1::CreateConnectorRequest wrong = world.NewBearer("planted wrong");
  (*wrong.mutable_secrets())["other"] = "planted-connector-misplaced";
  CHECK_FALSE(world.Ask(&Connectors::CreateConnector, wrong).ok());
  v1::SetConnectorSecretsRequest set;
  set.set_id(made.id());
  (*set.mutable_secrets())["token"] = "planted-connector-token-two\r\n";
  CHECK_FALSE(world.Ask(&Connectors::SetConnectorSecrets, set).ok());
  v1::TestConnectorRequest test;
  test.set_id(made.id());
  Check(world.Ask(&Connectors::TestConnector, test).status(), "test");
  for (const char* path : {"/works", "/fail", "//elsewhere"}) {
    v1::FetchDataRequest fetch;
    fetch.set_id(made.id());
    fetch.set_resource_path(path);
    (void)world.Ask(&Connectors::FetchData, fetch);
    fetch.set_accept_error_status(true);
    (void)world.Ask(&Connectors::FetchData, fetch);
  }
  CHECK(world.third_party.received().back().headers.at("authorization") ==
        "Bearer planted-connector-token");
  CHECK(world.planted.HasSaid("[redacted]"));  // it was repeated
}

// A workflow whose node is repeated to: in the execution, its events and its error.
void RunWorkflows(World& world) {
  for (const char* path : {"/works", "/fail"}) {
    const std::string workflow = Publish(
        world.clients,
        Chain({WebhookTrigger(path + 1),
               Node("call", "connector", {{"connector", "planted"}, {"resource_path", path}})}));
    const Execution execution = Must(Start(world.clients, workflow, {{"name", "witness-of-input"}},
                                           workflow::v1::WAIT_MODE_COMPLETED));
    world.planted.Note(ToJson(Must(Get(world.clients, execution.id()))).dump());
  }
  const auto events = world.clients.Call(&EventService::Stub::ListEvents, world.clients.events(),
                                         workflow::v1::ListEventsRequest());
  CHECK(Check(events, "events").events_size() > 4);
  world.planted.Note(events);
  CHECK(world.planted.HasSaid("witness-of-input"));
}

struct Grants {
  explicit Grants(World& world) : world(world) {}

  World& world;
  Consent consent{*world.deployment};
  std::unique_ptr<GrantsStub> stub = v1::GrantService::NewStub(world.clients.connectors_channel());

  template <typename Request, typename Response>
  absl::StatusOr<Response> Ask(grpc::Status (GrantsStub::*method)(grpc::ClientContext*,
                                                                  const Request&, Response*),
                               const Request& request) {
    const auto answer = world.clients.Call(method, *stub, request);
    world.planted.Note(answer);
    return answer;
  }

  // What a browser does: our door, the provider, and back.
  void GiveConsent(const std::string& grant) {
    const harness::HttpReply door = consent.Open(grant);
    world.planted.Note(door.body);
    REQUIRE(door.status == 303);
    const auto query = consent.provider().Consent(door.headers.at("location"));
    REQUIRE(query.has_value());
    const size_t code = query->find("code=") + 5;
    world.planted.Plant(query->substr(code, query->find('&', code) - code));
    for (const int expected : {200, 400}) {
      const harness::HttpReply back = consent.ComeBack(*query, Consent::CookieOf(door));
      world.planted.Note(back.body);
      CHECK(back.status == expected);
    }
  }
};

void UseGrants(World& world) {
  Grants grants(world);
  v1::CreateGrantRequest create;
  create.set_connector_id(
      Check(world.Ask(&Connectors::CreateConnector, grants.consent.NewConnector("consented")),
            "connector")
          .id());
  const auto grant = Check(grants.Ask(&GrantsStub::CreateGrant, create), "grant");
  grants.GiveConsent(grant.id());
  v1::FetchDataRequest fetch;
  fetch.set_id(create.connector_id());
  fetch.set_resource_path("/resource");
  Check(world.Ask(&Connectors::FetchData, fetch).status(), "fetch");
  v1::RefreshGrantRequest refresh;
  refresh.set_id(grant.id());
  Check(grants.Ask(&GrantsStub::RefreshGrant, refresh).status(), "refresh");
  const std::vector<std::string> tokens = grants.consent.provider().issued_tokens();
  REQUIRE(tokens.size() >= 4);
  for (const std::string& token : tokens) world.planted.Plant(token);
  // A provider whose error repeats what it was sent.
  grants.consent.provider().Set([&](auto& switches) {
    switches.refresh_error = "invalid_grant";
    switches.refresh_error_description = "no such token:";
    for (const std::string& token : tokens) switches.refresh_error_description += " " + token;
  });
  (void)grants.Ask(&GrantsStub::RefreshGrant, refresh);
  v1::GetGrantRequest get;
  get.set_id(grant.id());
  CHECK(Check(grants.Ask(&GrantsStub::GetGrant, get), "get").state() ==
        v1::GRANT_STATE_NEEDS_REAUTH);
  (void)world.Ask(&Connectors::FetchData, fetch);
}

void ReadAudit(World& world) {
  const auto stub = v1::CredentialAuditService::NewStub(world.clients.connectors_channel());
  const auto uses = world.clients.Call(&v1::CredentialAuditService::Stub::ListCredentialUses, *stub,
                                       v1::ListCredentialUsesRequest());
  CHECK(Check(uses, "uses").credential_uses_size() > 4);
  world.planted.Note(uses);
}

void CheckNoCoreFile(const harness::Service& service) {
  std::ifstream limits("/proc/" + std::to_string(service.pid()) + "/limits");
  std::string line;
  while (std::getline(limits, line) && !line.starts_with("Max core file size")) {
  }
  INFO(line);
  std::istringstream words(line.substr(std::string("Max core file size").size()));
  std::string soft, hard;
  words >> soft >> hard;
  CHECK(soft == "0");
  CHECK(hard == "0");
}

void Dump(const Deployment& deployment) {
  const std::string command = "/usr/lib/postgresql/15/bin/pg_dump '" +
                              deployment.DatabaseConninfo() + "' > " + deployment.directory() +
                              "/dump.sql";
  REQUIRE(std::system(command.c_str()) == 0);
}

TEST_CASE("a credential of a connector is nowhere to be read") {
  World world;
  for (const char* secret :
       {"planted-connector", Consent::kClientSecret, "s3cret%3Awith%25odd%26signs"}) {
    world.planted.Plant(secret);
  }
  CallThirdParty(world);
  RunWorkflows(world);
  UseGrants(world);
  ReadAudit(world);
  Deployment& deployment = *world.deployment;
  CheckNoCoreFile(deployment.connectors());
  for (harness::Service* service :
       {&deployment.engine(), &deployment.interfaces(), &deployment.connectors()}) {
    const std::string metrics =
        Check(harness::Call({.url = service->AdminUrl("/metrics")}), "metrics").body;
    CHECK(metrics.find("penstock_") != std::string::npos);
    world.planted.Note(metrics);
  }
  Dump(deployment);
  Check(deployment.interfaces().Stop().status(), "stop");
  Check(deployment.engine().Stop().status(), "stop");
  Check(deployment.connectors().Stop().status(), "stop");
  world.planted.CheckSaid();
  const Planted::Search search =
      world.planted.CheckFiles(deployment.directory(), "witness-of-input",
                               [](const std::string&, const std::string&) { return false; });
  CHECK(search.files > 100);
  CHECK(search.found_witness);
}

}  // namespace
}  // namespace penstock::e2e

// What comes of a person's consent: real services between a browser and a provider, and a call with
// the token.
#include <catch2/catch.hpp>

#include "libs/testing/check.h"
#include "penstock/connector/v1/grant.grpc.pb.h"
#include "tests/e2e/consent.h"
#include "tests/e2e/workbench.h"
#include "tests/harness/http.h"

namespace penstock::e2e {
namespace {

namespace v1 = connector::v1;
using testing::Check;
using Connectors = v1::ConnectorService::Stub;
using GrantsStub = v1::GrantService::Stub;

struct World {
  Deployment& deployment = SharedDeployment();
  Clients& clients = deployment.clients();
  Consent consent{deployment};
  std::unique_ptr<GrantsStub> grants = v1::GrantService::NewStub(clients.connectors_channel());

  v1::Connector MakeConnector(const std::string& name) {
    return Check(clients.Call(&Connectors::CreateConnector, clients.connectors(),
                              consent.NewConnector(name)),
                 "connector");
  }

  v1::Grant MakeGrant(const std::string& connector) {
    v1::CreateGrantRequest request;
    request.set_connector_id(connector);
    return Check(clients.Call(&GrantsStub::CreateGrant, *grants, request), "grant");
  }

  v1::Grant Read(const std::string& id) {
    v1::GetGrantRequest request;
    request.set_id(id);
    return Check(clients.Call(&GrantsStub::GetGrant, *grants, request), "grant");
  }

  absl::StatusOr<v1::FetchDataResponse> Fetch(const std::string& connector) {
    v1::FetchDataRequest request;
    request.set_id(connector);
    request.set_resource_path("/resource");
    return clients.Call(&Connectors::FetchData, clients.connectors(), request);
  }
};

TEST_CASE("a person consents in a browser, and calls carry the token") {
  World world;
  const v1::Connector made = world.MakeConnector("consent");
  CHECK(absl::IsFailedPrecondition(world.Fetch(made.id()).status()));
  const v1::Grant grant = world.MakeGrant(made.id());

  const harness::HttpReply door = world.consent.Open(grant.id());
  REQUIRE(door.status == 303);
  CHECK(door.headers.at("referrer-policy") == "no-referrer");
  const auto query = world.consent.provider().Consent(door.headers.at("location"));
  REQUIRE(query.has_value());
  const harness::HttpReply back = world.consent.ComeBack(*query, Consent::CookieOf(door));
  INFO(back.body);
  CHECK(back.status == 200);
  CHECK(world.Read(grant.id()).state() == v1::GRANT_STATE_ACTIVE);
  const auto answer = Check(world.Fetch(made.id()), "fetch");
  CHECK(answer.answer().http_status() == 200);
  CHECK(world.consent.provider().token_requests() == 1);
  // The same link, and the same way back, are good once.
  CHECK(world.consent.ComeBack(*query, Consent::CookieOf(door)).status == 400);
}

TEST_CASE("another browser can't finish what this one began") {
  World world;
  const v1::Connector made = world.MakeConnector("other-browser");
  const v1::Grant grant = world.MakeGrant(made.id());
  const harness::HttpReply door = world.consent.Open(grant.id());
  const auto query = world.consent.provider().Consent(door.headers.at("location"));
  REQUIRE(query.has_value());
  CHECK(world.consent.ComeBack(*query, "__Host-penstock_oauth=of-another-browser").status == 400);
  CHECK(world.consent.provider().token_requests() == 0);
}

TEST_CASE("a link that is none leads nowhere") {
  World world;
  const auto reply = Check(
      harness::Call({.url = "http://127.0.0.1:" + std::to_string(world.deployment.http_port()) +
                            "/oauth/start?ticket=made-up"}),
      "front door");
  CHECK(reply.status == 400);
}

}  // namespace
}  // namespace penstock::e2e

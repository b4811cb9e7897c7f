// Consent as a person gives it: a browser between our front door and a provider, real services in
// between, and a call with the token that comes of it.
#include <catch2/catch.hpp>

#include "google/protobuf/util/json_util.h"
#include "libs/clock/clock.h"
#include "libs/testing/check.h"
#include "penstock/connector/v1/grant.grpc.pb.h"
#include "services/connector/testing/authorization_server.h"
#include "tests/e2e/workbench.h"
#include "tests/harness/http.h"

namespace penstock::e2e {
namespace {

namespace v1 = connector::v1;
using connector::testing::AuthorizationServer;
using testing::Check;
using Connectors = v1::ConnectorService::Stub;
using GrantsStub = v1::GrantService::Stub;

constexpr char kProvider[] = "acme";

struct Consent {
  const RealClock clock;
  AuthorizationServer provider{clock};
  Deployment& deployment = SharedDeployment();
  Clients& clients = deployment.clients();
  std::unique_ptr<GrantsStub> grants = v1::GrantService::NewStub(clients.connectors_channel());

  Consent() {
    provider.Set([this](auto& switches) {
      switches.redirect_uri = "http://127.0.0.1:" + std::to_string(deployment.http_port()) +
                              "/oauth/callback/" + kProvider;
    });
  }

  v1::Connector MakeConnector(const std::string& name) {
    v1::CreateConnectorRequest request;
    request.mutable_connector()->set_name(name);
    request.mutable_connector()->set_service_name(kProvider);
    request.mutable_connector()->set_auth_type("oauth2");
    REQUIRE(google::protobuf::util::JsonStringToMessage(
                provider.ConnectorConfig(R"({"grant_type":"authorization_code"})"),
                request.mutable_connector()->mutable_auth_config())
                .ok());
    request.mutable_connector()->set_base_url(provider.url(""));
    request.mutable_connector()->add_scopes("read");
    (*request.mutable_secrets())["client_secret"] = "s3cret:with%odd&signs";
    return Check(clients.Call(&Connectors::CreateConnector, clients.connectors(), request),
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

  // Where the browser is sent from our door, and the cookie it takes along.
  harness::HttpReply Open(const std::string& grant) {
    v1::StartAuthorizationRequest request;
    request.set_id(grant);
    const auto started =
        Check(clients.Call(&GrantsStub::StartAuthorization, *grants, request), "start");
    return Check(harness::Call({.url = started.url()}), "front door");
  }

  harness::HttpReply ComeBack(const std::string& query, const std::string& cookie) {
    return Check(
        harness::Call({.url = "http://127.0.0.1:" + std::to_string(deployment.http_port()) +
                              "/oauth/callback/" + kProvider + "?" + query,
                       .headers = {"Cookie: other=1; " + cookie}}),
        "callback");
  }

  absl::StatusOr<v1::FetchDataResponse> Fetch(const std::string& connector) {
    v1::FetchDataRequest request;
    request.set_id(connector);
    request.set_resource_path("/resource");
    return clients.Call(&Connectors::FetchData, clients.connectors(), request);
  }
};

std::string CookieOf(const harness::HttpReply& reply) {
  const std::string& header = reply.headers.at("set-cookie");
  return header.substr(0, header.find(';'));
}

TEST_CASE("a person consents in a browser, and calls carry the token") {
  Consent world;
  const v1::Connector made = world.MakeConnector("consent");
  CHECK(absl::IsFailedPrecondition(world.Fetch(made.id()).status()));
  const v1::Grant grant = world.MakeGrant(made.id());

  const harness::HttpReply door = world.Open(grant.id());
  REQUIRE(door.status == 303);
  CHECK(door.headers.at("referrer-policy") == "no-referrer");
  const auto query = world.provider.Consent(door.headers.at("location"));
  REQUIRE(query.has_value());
  const harness::HttpReply back = world.ComeBack(*query, CookieOf(door));
  INFO(back.body);
  CHECK(back.status == 200);
  CHECK(world.Read(grant.id()).state() == v1::GRANT_STATE_ACTIVE);
  const auto answer = Check(world.Fetch(made.id()), "fetch");
  CHECK(answer.answer().http_status() == 200);
  CHECK(world.provider.token_requests() == 1);
  // The same link, and the same way back, are good once.
  CHECK(world.ComeBack(*query, CookieOf(door)).status == 400);
}

TEST_CASE("another browser can't finish what this one began") {
  Consent world;
  const v1::Connector made = world.MakeConnector("other-browser");
  const v1::Grant grant = world.MakeGrant(made.id());
  const harness::HttpReply door = world.Open(grant.id());
  const auto query = world.provider.Consent(door.headers.at("location"));
  REQUIRE(query.has_value());
  CHECK(world.ComeBack(*query, "__Host-penstock_oauth=of-another-browser").status == 400);
  CHECK(world.provider.token_requests() == 0);
}

TEST_CASE("a link that is none leads nowhere") {
  Consent world;
  const auto reply = Check(
      harness::Call({.url = "http://127.0.0.1:" + std::to_string(world.deployment.http_port()) +
                            "/oauth/start?ticket=made-up"}),
      "front door");
  CHECK(reply.status == 400);
}

}  // namespace
}  // namespace penstock::e2e

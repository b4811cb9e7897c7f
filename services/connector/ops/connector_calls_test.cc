// Calls of connectors that others change meanwhile, and whose callers go.
#include "services/connector/ops/connector_calls.h"

#include <catch2/catch.hpp>
#include <thread>

#include "libs/status/details.h"
#include "services/connector/ops/testing/calling_fixture.h"
#include "services/connector/testing/api_server/api_server.h"

namespace penstock::connector {
namespace {

using testing::ApiServer;
using Lines = std::vector<std::string>;

struct Fixture : testing::CallingFixture {
  ApiServer server{kSecret};
  const ConnectorId id = Create(server.url("")).id;
};

TEST_CASE_METHOD(Fixture, "a secret that was entered for another host never goes to the old one") {
  REQUIRE(Call(here, id, "/echo").ok());  // and so it is known here
  const size_t before = server.received().size();
  ApiServer new_home("planted-second");
  ConnectorChange change{.connector = {.base_url = new_home.url("")}, .fields = {"base_url"}};
  change.secrets.emplace("token", crypto::Secret("planted-second"));
  Change(elsewhere, id, std::move(change));
  REQUIRE(Call(here, id, "/echo").ok());
  CHECK(server.received().size() == before);
  CHECK(new_home.received().at(0).headers.at("authorization") == "Bearer planted-second");
  // The use that was refused is on record, too.
  CHECK(Count("SELECT count(*) FROM connector.credential_audit WHERE event = 'refused' "
              "AND result = 'OWNER_CHANGED'") == 1);
}

TEST_CASE_METHOD(Fixture, "what another replica made inactive is called by none, at once") {
  REQUIRE(Call(here, id, "/echo").ok());
  const size_t before = server.received().size();
  Change(elsewhere, id, {.connector = {.is_active = false}, .fields = {"is_active"}});
  CHECK(ReasonOf(Call(here, id, "/echo").status()) == "CONNECTOR_INACTIVE");
  CHECK(server.received().size() == before);
}

TEST_CASE_METHOD(Fixture, "what another replica deleted is called by none, at once") {
  REQUIRE(Call(here, id, "/echo").ok());
  const size_t before = server.received().size();
  REQUIRE(DeleteConnector(elsewhere.connectors, caller, id).ok());
  CHECK_FALSE(Call(here, id, "/echo").ok());
  CHECK(server.received().size() == before);
}

TEST_CASE_METHOD(Fixture,
                 "a name means the connector of the project before the tenant's, at once") {
  CHECK(here.known.Find(caller, "api").value() == id);
  CHECK(absl::IsNotFound(here.known.Find(caller, "other").status()));
  REQUIRE(DeleteConnector(here.connectors, caller, id).ok());
  here.known.Forget(tenant, id);
  CHECK(absl::IsNotFound(here.known.Find(caller, "api").status()));
  const ConnectorId second = Create(server.url("")).id;
  CHECK(here.known.Find(caller, "api").value() == second);
}

TEST_CASE_METHOD(
    Fixture,
    "when its caller has gone a call ends at once, its place is free, and its outcome unknown") {
  lifecycle::Cancellation gone;
  absl::Status status;
  std::thread calls([&] { status = Call(here, id, "/hold", &gone).status(); });
  server.AwaitHeld();
  // The place of the one call at once is taken.
  CHECK(ReasonOf(Call(here, id, "/echo").status()) == "CONNECTOR_BUSY");
  gone.Cancel();
  calls.join();
  CHECK(absl::IsCancelled(status));
  CHECK(MetadataOf(status, "acted") == "maybe");
  CHECK_FALSE(Read(id).last_error.has_value());
  CHECK(Call(here, id, "/echo").ok());
  CHECK(Outcomes() == Lines{"blocked 0", "unknown 0", "succeeded 200"});
}

TEST_CASE_METHOD(Fixture, "for a caller that has gone before nothing is sent") {
  lifecycle::Cancellation gone;
  gone.Cancel();
  CHECK(absl::IsCancelled(Call(here, id, "/echo", &gone).status()));
  CHECK(server.received().empty());
}

TEST_CASE_METHOD(Fixture, "past its caller's deadline a call ends") {
  ThirdPartyCall call{.connector = id, .request = {.resource_path = "/hold"}};
  auth::CallContext hurried = caller;
  hurried.deadline = time.Now() + absl::Milliseconds(300);
  const absl::Status status = CallThirdParty(here.context, hurried, call).status();
  CHECK(ReasonOf(status) == "UPSTREAM_TIMEOUT");
  CHECK(Call(here, id, "/echo").ok());
  CHECK(Outcomes() == Lines{"unknown 0", "succeeded 200"});
}

}  // namespace
}  // namespace penstock::connector

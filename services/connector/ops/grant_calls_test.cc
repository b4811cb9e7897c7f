// Calls with the access token of a grant.
#include <catch2/catch.hpp>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "services/connector/oauth/refreshed_tokens.h"
#include "services/connector/oauth/testing/grant_fixture.h"
#include "services/connector/ops/testing/calling.h"
#include "services/connector/testing/api_server/api_server.h"

namespace penstock::connector {
namespace {

struct Fixture : testing::GrantFixture {
  Fixture() {
    Execute(
        fmt::format("UPDATE connector.integration_connectors SET base_url = '{}', grant_id = '{}'",
                    server_of_calls.url(""), grant.ToString()));
    caller.tenant = tenant.tenant;
    caller.deadline = clock.Now() + absl::Seconds(30);
  }

  absl::Status Call() {
    const ThirdPartyCall call{.connector = ConnectorId(connector),
                              .request = {.resource_path = "/echo"}};
    return CallThirdParty(calling.context, caller, call).status();
  }

  // How many uses of the access token for calls ended so.
  int64_t Ended(const std::string& result, int http_status) {
    REQUIRE(kit().recorder.Flush(absl::Now() + absl::Seconds(30)));
    return Count(fmt::format(
        "SELECT count(*) FROM connector.credential_audit o JOIN connector.credential_audit u "
        "USING (tenant_id, use_id) WHERE u.event = 'opened' AND u.fields = '{{access_token}}' "
        "AND u.owner_kind = 'grant' AND o.event = 'outcome' AND o.result = '{}' "
        "AND o.http_status = {}",
        result, http_status));
  }

  const GrantId grant = AddGrant();
  testing::ApiServer server_of_calls{Secret(grant, "access_token")};
  RefreshedTokens tokens{refresher()};
  testing::Calling calling{*kit().pool, kit().credentials, tokens, clock};
  auth::CallContext caller;
};

TEST_CASE_METHOD(Fixture, "how a call with a grant's token ended is on record") {
  REQUIRE(Call().ok());
  CHECK(Ended("succeeded", 200) == 1);
}

TEST_CASE_METHOD(
    Fixture, "that a third party refused a grant's token is on record, and the next one's end") {
  server_of_calls.RenewToken("of somebody else");
  CHECK(ReasonOf(Call()) == "TOKEN_REFUSED");  // it is seconds old
  CHECK(Ended("rejected", 401) == 1);
  MakeDue(grant);
  CHECK_FALSE(Call().ok());
  CHECK(Ended("rejected", 401) == 2);
}

}  // namespace
}  // namespace penstock::connector

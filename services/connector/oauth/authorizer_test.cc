// Consent in a browser, revocation, and what an attacker would try.
#include "services/connector/oauth/authorizer.h"

#include <catch2/catch.hpp>

#include "fmt/format.h"
#include "libs/crypto/ed25519.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "nlohmann/json.hpp"
#include "services/connector/oauth/testing/consent_fixture.h"

namespace penstock::connector {
namespace {

using penstock::testing::Check;
using testing::ServerSwitches;
using Fixture = testing::ConsentFixture;

TEST_CASE_METHOD(Fixture, "a browser consents, and the grant has tokens") {
  const GrantId id = AddPendingGrant("{}", {"read", "write"});
  CHECK(ReasonOf(Get(id).status()) == "GRANT_PENDING");
  const StartedAuthorization started =
      Check(StartAuthorization(context, caller, id, "app"), "start");
  CHECK(started.redirect_uri == "https://penstock.example/oauth/callback/acme");
  CHECK(View(id).authorization == "waiting");
  const OpenedAuthorization opened = Check(authorizer.Open(Ticket(started)), "open");
  const CompletedAuthorization completed = Check(Complete(Consent(opened)), "complete");
  CHECK(completed.outcome == "authorized");
  CHECK(completed.return_url == "https://app.example/done");
  CHECK(completed.grant == id);
  CHECK(completed.tenant == tenant.tenant);
  CHECK(server.IsLive(std::string(Check(Get(id), "get").token.Reveal())));
  const GrantView view = View(id);
  CHECK(view.grant.state == GrantState::kActive);
  CHECK(view.grant.scopes_granted == std::vector<std::string>{"read", "write"});
  CHECK(view.authorization == "authorized");
  // The verifier has gone, and the state was never there.
  CHECK(Count("SELECT count(*) FROM connector.sealed_values WHERE owner_kind = 'attempt'") == 0);
  CHECK(Count("SELECT count(*) FROM connector.credential_audit WHERE purpose = 'authorize' AND "
              "event = 'opened'") == 2);
}

TEST_CASE_METHOD(Fixture,
                 "an authorization is good once, in the browser that was sent, for its provider, "
                 "and for a while") {
  const GrantId id = AddPendingGrant();
  const StartedAuthorization started = Check(StartAuthorization(context, caller, id, ""), "start");
  const OpenedAuthorization opened = Check(authorizer.Open(Ticket(started)), "open");
  CHECK(ReasonOf(authorizer.Open(Ticket(started)).status()) == "AUTHORIZATION_UNKNOWN");
  const AuthorizationCallback callback = Consent(opened);
  AuthorizationCallback other = callback;
  SECTION("another browser") { other.browser_binding = Begin(id).browser_binding; }
  SECTION("no cookie") { other.browser_binding.clear(); }
  SECTION("another provider's redirect URI") { other.provider = "evil"; }
  SECTION("another state") { other.query["state"] = "x" + other.query["state"].substr(1); }
  SECTION("no state") { other.query.erase("state"); }
  CHECK(ReasonOf(Complete(other).status()) == "AUTHORIZATION_UNKNOWN");
  CHECK(server.token_requests() == 0);
  CHECK(Outcome(callback) == "authorized");
  CHECK(ReasonOf(Complete(callback).status()) == "AUTHORIZATION_UNKNOWN");
  CHECK(server.token_requests() == 1);
}

TEST_CASE_METHOD(Fixture, "after ten minutes it is over") {
  const GrantId id = AddPendingGrant();
  const StartedAuthorization never_opened =
      Check(StartAuthorization(context, caller, id, ""), "start");
  const AuthorizationCallback callback = Consent(Begin(id));
  CHECK(Count("SELECT count(*) FROM connector.oauth_attempts WHERE expires_at BETWEEN now() + "
              "interval '9 min' AND now() + interval '10 min'") == 2);
  Execute("UPDATE connector.oauth_attempts SET expires_at = now() - interval '1 s'");
  CHECK(ReasonOf(Complete(callback).status()) == "AUTHORIZATION_UNKNOWN");
  CHECK(ReasonOf(authorizer.Open(Ticket(never_opened)).status()) == "AUTHORIZATION_UNKNOWN");
  CHECK(View(id).authorization == "expired");
  CHECK(server.token_requests() == 0);
}

TEST_CASE_METHOD(
    Fixture,
    "the state is short, says nothing, and is not in the database; neither is the ticket") {
  const GrantId id = AddPendingGrant();
  const StartedAuthorization started = Check(StartAuthorization(context, caller, id, ""), "start");
  const AuthorizationCallback callback = Consent(Check(authorizer.Open(Ticket(started)), "open"));
  CHECK(callback.query.at("state").size() == 43);
  for (const std::string& secret :
       {callback.query.at("state"), callback.browser_binding, Ticket(started)}) {
    CHECK(Count(fmt::format(
              "SELECT count(*) FROM connector.oauth_attempts a WHERE a::text LIKE '%{}%'",
              secret)) == 0);
  }
}

TEST_CASE_METHOD(Fixture,
                 "an answer of another server is refused before its code is looked at (RFC 9207)") {
  const GrantId id = AddPendingGrant(fmt::format(R"({{"issuer":"{}"}})", server.url("")));
  server.Set([](ServerSwitches& s) { s.send_iss = true; });
  SECTION("the right one") { CHECK(Outcome(Consent(Begin(id))) == "authorized"); }
  SECTION("a wrong one") {
    server.Set([](ServerSwitches& s) { s.issuer = "https://evil.example"; });
    CHECK(Outcome(Consent(Begin(id))) == "issuer_mismatch");
    CHECK(server.token_requests() == 0);
    CHECK(View(id).grant.state == GrantState::kPending);
  }
}

TEST_CASE_METHOD(Fixture, "who says no has said no, and a consent from before stays") {
  const GrantId id = AddGrant();
  AuthorizationCallback callback = Consent(Begin(id));
  callback.query.erase("code");
  SECTION("a word") {
    callback.query["error"] = "access_denied";
    CHECK(Outcome(callback) == "access_denied");
  }
  SECTION("anything else is not repeated") {
    callback.query["error"] = "<script>alert(1)</script>";
    CHECK(Outcome(callback) == "refused");
  }
  CHECK(View(id).grant.state == GrantState::kActive);
  CHECK(View(id).grant.last_error.has_value());
  CHECK(server.IsLive(std::string(Check(Get(id), "get").token.Reveal())));
}

TEST_CASE_METHOD(Fixture,
                 "scopes that were not given are told, and the grant is used all the same") {
  const GrantId id = AddPendingGrant("{}", {"read", "write"});
  server.Set([](ServerSwitches& s) { s.grant_scopes = {"read"}; });
  CHECK(Outcome(Consent(Begin(id))) == "connected_with_reduced_scope");
  CHECK(View(id).grant.state == GrantState::kActive);
  CHECK(View(id).grant.state_reason == "connected_with_reduced_scope");
  CHECK(Get(id).ok());
}

TEST_CASE_METHOD(
    Fixture, "our wrong secret fails the exchange, is told as that, and nothing is tried twice") {
  const GrantId id = AddPendingGrant();
  PutClientSecret("client_secret", "wrong");
  CHECK(Outcome(Consent(Begin(id))) == "invalid_client");
  CHECK(server.token_requests() == 1);
  CHECK(View(id).grant.state == GrantState::kPending);
  CHECK(nlohmann::json::parse(*View(id).grant.last_error)["class"] == "invalid_client");
}

TEST_CASE_METHOD(
    Fixture,
    "return addresses are registered ones, and grants that need no consent can't be started") {
  CHECK(ViolationsOf(
            StartAuthorization(context, caller, AddPendingGrant(), "https://evil.example").status())
            .at(0)
            .field == "return_to");
  const GrantId id = AddPendingGrant(R"({"grant_type":"client_credentials"})");
  CHECK(ReasonOf(StartAuthorization(context, caller, id, "").status()) == "NO_CONSENT_NEEDED");
}

TEST_CASE_METHOD(Fixture, "values that come with the browser are taken where they fit") {
  const GrantId id = AddPendingGrant(R"({"from_token":[{"name":"realm","path":"callback.realmId"},
                                                       {"name":"host","path":"callback.accounts",
                                                       "hosts":["*.zoho.example"]}]})");
  AuthorizationCallback callback = Consent(Begin(id));
  callback.query["realmId"] = "4620816365";
  SECTION("good ones") {
    callback.query["accounts"] = "https://accounts.zoho.example";
    CHECK(Outcome(callback) == "authorized");
    CHECK(Check(Get(id), "get").values ==
          TokenValues{{"host", "https://accounts.zoho.example"}, {"realm", "4620816365"}});
  }
  SECTION("one that leads elsewhere") {
    callback.query["accounts"] = "https://accounts.evil.example";
    CHECK(Outcome(callback) == "bad_answer");
    CHECK(View(id).grant.token_version == 0);
  }
}

TEST_CASE_METHOD(Fixture, "clients prove themselves with signed assertions, each used once") {
  const crypto::Ed25519PrivateKey key = crypto::Ed25519PrivateKey::Random();
  PutClientSecret("private_key", key.ToPem());
  server.Set([&](ServerSwitches& s) {
    s.client_auth = testing::ServerClientAuth::kPrivateKeyJwt;
    s.client_public_key = key.public_key().ToPem();
    s.subject_public_key = key.public_key().ToPem();
  });
  SECTION("with a code, and again with a refresh token") {
    const GrantId id = AddPendingGrant(R"({"jwt":{"algorithm":"EdDSA"}})");
    CHECK(Outcome(Consent(Begin(id))) == "authorized");
    MakeDue(id);
    CHECK(Check(Get(id), "get").version == 2);
  }
  SECTION("as the grant itself (RFC 7523)") {
    const GrantId id =
        AddPendingGrant(R"({"grant_type":"jwt_bearer","jwt":{"algorithm":"EdDSA"}})");
    CHECK(server.IsLive(std::string(Check(Get(id), "get").token.Reveal())));
    MakeDue(id);
    CHECK(Check(Get(id), "get").version == 2);
  }
  SECTION("a provider whose clock is 45 s behind takes them") {
    server.Set([](ServerSwitches& s) { s.clock_skew = absl::Seconds(-45); });
    const GrantId id =
        AddPendingGrant(R"({"grant_type":"jwt_bearer","jwt":{"algorithm":"EdDSA"}})");
    CHECK(Get(id).ok());
  }
}

TEST_CASE_METHOD(Fixture, "a revocation is told to the provider, or nothing has changed") {
  const GrantId id = AddGrant();
  const std::string token(Check(Get(id), "get").token.Reveal());
  server.Set([](ServerSwitches& s) { s.revoke_unavailable = 1; });
  const absl::Status later = RevokeGrant(context, caller, id).status();
  CHECK(absl::IsUnavailable(later));
  CHECK(RetryAfterOf(later) == absl::Seconds(7));
  CHECK(View(id).grant.state == GrantState::kActive);
  CHECK(server.IsLive(token));
  const RevokedGrant revoked = Check(RevokeGrant(context, caller, id), "revoke");
  CHECK(revoked.at_provider);
  CHECK_FALSE(revoked.side_effects.empty());
  CHECK_FALSE(server.IsLive(token));
  CHECK(revoked.view.grant.state == GrantState::kDisabled);
  CHECK(ReasonOf(Get(id).status()) == "GRANT_DISABLED");
  CHECK(Count("SELECT count(*) FROM connector.sealed_values WHERE owner_kind = 'grant'") == 0);
  CHECK_FALSE(Check(RevokeGrant(context, caller, id), "again").at_provider);
  CHECK(Outcome(Consent(Begin(id))) == "authorized");
  CHECK(Get(id).ok());
}

TEST_CASE_METHOD(
    Fixture,
    "grants are made of connectors that take them, listed, and deleted with all their secrets") {
  const GrantView made =
      Check(CreateGrant(context, caller, {.connector = ConnectorId(connector)}), "create");
  CHECK(made.used_by == std::vector<Uuid>{connector});
  const GrantId second = AddGrant();
  const auto page = Check(ListGrants(context, caller, {.page_size = 1}), "list");
  CHECK(page.total_size == 2);
  CHECK(page.items.at(0).id == second);
  CHECK(Check(ListGrants(context, caller, {.page_size = 1, .page_token = page.next_page_token}),
              "list")
            .items.at(0)
            .id == made.grant.id);
  CHECK(Check(ListGrants(context, caller, {.state = GrantState::kPending}), "list").total_size ==
        1);
  Execute(
      fmt::format("INSERT INTO connector.integration_connectors (tenant_id, connector_id, "
                  "connector_name, display_name, service_name, connector_type, "
                  "auth_type, base_url, grant_id) VALUES ('{}', gen_random_uuid(), 'other', "
                  "'Other', 'acme', 'oauth', 'oauth2', "
                  "'https://api.example', '{}')",
                  tenant.tenant.ToString(), second.ToString()));
  CHECK(ReasonOf(DeleteGrant(context, caller, second, Users::kMustBeNone)) == "GRANT_IN_USE");
  CHECK(DeleteGrant(context, caller, second, Users::kAreLeftWithout).ok());
  CHECK(Count("SELECT count(*) FROM connector.sealed_values WHERE owner_kind = 'grant'") == 0);
  CHECK(Count("SELECT count(*) FROM connector.integration_connectors WHERE grant_id IS NULL") == 1);
  CHECK(absl::IsNotFound(GetGrant(context, caller, second).status()));
}

TEST_CASE_METHOD(Fixture, "tokens go with a connector, a project and a tenant that are deleted") {
  const GrantId id = AddGrant();
  MakeDue(id);
  Check(Get(id).status(), "get");
  Begin(id);
  CHECK(Count("SELECT count(*) FROM connector.sealed_values WHERE owner_kind IN ('grant', "
              "'attempt')") == 4);
  Execute("DELETE FROM connector.integration_connectors");
  CHECK(Count("SELECT count(*) FROM connector.oauth_grants") == 0);
  CHECK(Count("SELECT count(*) FROM connector.sealed_values WHERE owner_kind IN ('grant', "
              "'attempt')") == 0);
}

TEST_CASE_METHOD(Fixture, "another tenant and another project see nothing of it") {
  const GrantId id = AddGrant();
  auth::CallContext stranger = caller;
  stranger.tenant = penstock::testing::CreateTenant(database, "other").tenant;
  CHECK(absl::IsNotFound(GetGrant(context, stranger, id).status()));
  CHECK(absl::IsNotFound(RevokeGrant(context, stranger, id).status()));
  CHECK(absl::IsNotFound(DeleteGrant(context, stranger, id, Users::kAreLeftWithout)));
  CHECK(absl::IsNotFound(StartAuthorization(context, stranger, id, "").status()));
  CHECK(Check(ListGrants(context, stranger, {}), "list").total_size == 0);
  auth::CallContext limited = caller;
  limited.project = tenant.project;
  CHECK(GetGrant(context, limited, id).ok());  // of the whole tenant's connector
  CHECK(ReasonOf(RevokeGrant(context, limited, id).status()) == "PROJECT_SCOPED_KEY");
  CHECK(ReasonOf(StartAuthorization(context, limited, id, "").status()) == "PROJECT_SCOPED_KEY");
  CHECK(ReasonOf(CreateGrant(context, limited, {.connector = ConnectorId(connector)}).status()) ==
        "PROJECT_SCOPED_KEY");
}

TEST_CASE_METHOD(Fixture, "what is long over is dropped, with its secrets") {
  const GrantId id = AddGrant();
  Begin(id);
  CHECK(refresher().RefreshDue(10, absl::Seconds(20)).ok());
  CHECK(Count("SELECT count(*) FROM connector.oauth_attempts") == 1);
  Execute("UPDATE connector.oauth_attempts SET expires_at = now() - interval '25 h'");
  CHECK(refresher().RefreshDue(10, absl::Seconds(20)).ok());
  CHECK(Count("SELECT count(*) FROM connector.oauth_attempts") == 0);
  CHECK(Count("SELECT count(*) FROM connector.sealed_values WHERE owner_kind = 'attempt'") == 0);
}

}  // namespace
}  // namespace penstock::connector

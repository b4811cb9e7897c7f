// Access tokens under contention, faults and quirks: real database, real HTTP, and a provider that
// does what is asked.
#include "services/connector/oauth/refresher.h"

#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "absl/synchronization/notification.h"
#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "nlohmann/json.hpp"
#include "services/connector/oauth/testing/grant_fixture.h"

namespace penstock::connector {
namespace {

using penstock::testing::Check;
using testing::GrantFixture;
using testing::ServerRotation;
using testing::ServerSwitches;
using Lines = std::vector<std::string>;

struct Fixture : GrantFixture {
  std::string Token(GrantId id) {
    return std::string(Check(Get(id), "get a token").token.Reveal());
  }
  std::string Reason(GrantId id) { return ReasonOf(Get(id).status()); }
  nlohmann::json LastError(GrantId id) {
    return nlohmann::json::parse(Load(id).last_error.value_or("{}"));
  }
};

TEST_CASE_METHOD(Fixture, "a token that is not due is given as it is, and the use is on record") {
  const GrantId id = AddGrant();
  const AccessToken token = Check(Get(id), "get");
  CHECK(server.IsLive(std::string(token.token.Reveal())));
  CHECK(token.version == 1);
  CHECK(server.token_requests() == 0);
  CHECK(Count("SELECT count(*) FROM connector.credential_audit WHERE 'access_token' = ANY (fields) "
              "AND purpose = 'fetch' AND target_host = 'api.example'") == 1);
}

TEST_CASE_METHOD(Fixture,
                 "a due token is replaced; the refresh token before is kept until the new access "
                 "token has worked") {
  const GrantId id = AddGrant();
  const std::string first = Token(id), refresh = Secret(id, "refresh_token");
  MakeDue(id);
  const AccessToken second = Check(Get(id), "get");
  CHECK(second.version == 2);
  CHECK(second.token.Reveal() != first);
  CHECK(server.token_requests() == 1);
  CHECK(Secret(id, "refresh_token") != refresh);
  CHECK(Secret(id, "previous_refresh_token") == refresh);
  CHECK(refresher().TokenWorked(tenant.tenant, id, 1).ok());  // says nothing about the second
  CHECK(Secret(id, "previous_refresh_token") == refresh);
  CHECK(refresher().TokenWorked(tenant.tenant, id, 2).ok());
  CHECK(Secret(id, "previous_refresh_token").empty());
  CHECK_FALSE(Load(id).has_previous_token);
  CHECK(Journal(id) == Lines{"succeeded"});
  CHECK(Changes(id) == Lines{"pending>active"});
}

TEST_CASE_METHOD(Fixture,
                 "the refresh is due a while before the token ends, by the database's clock") {
  struct Ahead final : Clock {
    absl::Time Now() const override { return absl::Now() + absl::Seconds(90); }
  } ahead;
  testing::RefresherKit kit(database.Conninfo(postgres::Role::kServer), spool_directory, ahead);
  server.Set([](ServerSwitches& s) { s.clock_skew = absl::Seconds(-90); });
  const GrantId id = AddGrant();
  MakeDue(id);
  Check(kit.refresher.Get(testing::UseOf(tenant.tenant, id), ahead.Now() + absl::Seconds(20))
            .status(),
        "get");
  const Grant grant = Load(id);
  CHECK(absl::AbsDuration(*grant.access_expires_at - grant.now - absl::Hours(1)) <
        absl::Seconds(30));
  CHECK(*grant.access_expires_at - *grant.refresh_at >= absl::Minutes(15));
  CHECK(*grant.access_expires_at - *grant.refresh_at <= absl::Minutes(16));
}

TEST_CASE_METHOD(Fixture, "while one asks, others go on with the old token as long as it is good") {
  const GrantId id = AddGrant();
  const std::string old = Token(id);
  MakeDue(id, Token::kGood);
  absl::Notification asked, answer;
  server.OnToken([&](const std::string&) {
    asked.Notify();
    answer.WaitForNotification();
  });
  std::string fresh;
  std::thread first([&] { fresh = Token(id); });
  asked.WaitForNotification();
  CHECK(Token(id) == old);
  const auto elsewhere = MakeKit();
  CHECK(Check(elsewhere->refresher.Get(testing::UseOf(tenant.tenant, id),
                                       clock.Now() + absl::Seconds(20)),
              "get")
            .token.Reveal() == old);
  answer.Notify();
  first.join();
  CHECK(fresh != old);
  CHECK(server.token_requests() == 1);
}

TEST_CASE_METHOD(Fixture,
                 "a provider that keeps refresh tokens to itself is given the same one again") {
  const GrantId id = AddGrant(R"({"rotation":"none"})");
  server.Set([](ServerSwitches& s) { s.rules.rotation = ServerRotation::kNone; });
  const std::string refresh = Secret(id, "refresh_token");
  for (int i = 0; i < 3; ++i) {
    MakeDue(id);
    Token(id);
  }
  CHECK(Secret(id, "refresh_token") == refresh);
  CHECK(server.refresh_requests() == 3);
  CHECK(Load(id).token_version == 4);
}

TEST_CASE_METHOD(Fixture,
                 "a provider that rotates without saying so in the catalogue is followed") {
  const GrantId id = AddGrant(R"({"rotation":"none"})");
  for (int i = 0; i < 3; ++i) {
    MakeDue(id);
    CHECK(server.IsLive(Token(id)));
  }
  CHECK(server.IsLiveRefreshToken(Secret(id, "refresh_token")));
  CHECK(server.reuses() == 0);
}

TEST_CASE_METHOD(Fixture, "of many who want a due token one asks") {
  const GrantId id = AddGrant();
  MakeDue(id);
  std::vector<std::thread> callers;
  std::vector<std::string> tokens(32);
  for (std::string& token : tokens) callers.emplace_back([&] { token = Token(id); });
  for (std::thread& caller : callers) caller.join();
  CHECK(std::set<std::string>(tokens.begin(), tokens.end()).size() == 1);
  CHECK(server.token_requests() == 1);
}

TEST_CASE_METHOD(Fixture, "a revoked grant is known at the first attempt, and nobody asks again") {
  const GrantId id = AddGrant();
  MakeDue(id);
  server.RevokeAll();
  const absl::Status refused = Get(id).status();
  CHECK(refused.code() == absl::StatusCode::kFailedPrecondition);
  CHECK(ReasonOf(refused) == "NEEDS_REAUTH");
  CHECK(MetadataOf(refused, "class") == "revoked_or_expired");
  CHECK(Reason(id) == "NEEDS_REAUTH");
  CHECK(server.token_requests() == 1);
  CHECK(Journal(id) == Lines{"failed:revoked_or_expired"});
  CHECK(Changes(id) == Lines{"pending>active", "active>needs_reauth:revoked_or_expired"});
}

TEST_CASE_METHOD(Fixture, "no outage loses a grant, however long") {
  const GrantId id = AddGrant();
  server.Set([](ServerSwitches& s) { s.unavailable = 5; });
  MakeDue(id);
  for (int i = 0; i < 5; ++i) {
    const absl::Status refused = Get(id).status();
    CHECK(absl::IsUnavailable(refused));
    CHECK(ReasonOf(refused) == "TOKEN_PROVIDER_UNAVAILABLE");
    CHECK(RetryAfterOf(refused) > absl::ZeroDuration());
    CHECK(Load(id).state == GrantState::kDegraded);
    EndWaits(id);
  }
  CHECK(server.IsLive(Token(id)));
  CHECK(Load(id).state == GrantState::kActive);
  CHECK(Load(id).failures == 0);
  CHECK_FALSE(Load(id).last_error.has_value());
  CHECK(Changes(id) ==
        Lines{"pending>active", "active>degraded:provider_unavailable", "degraded>active"});
}

TEST_CASE_METHOD(Fixture,
                 "who is refused for a while is not asked again before its end, and the old token "
                 "serves meanwhile") {
  const GrantId id = AddGrant();
  const std::string old = Token(id);
  server.Set([](ServerSwitches& s) {
    s.rate_limited = 1;
    s.clock_skew = absl::Seconds(90);  // Retry-After is a date of their clock
  });
  MakeDue(id, Token::kGood);
  CHECK(Token(id) == old);
  CHECK(Token(id) == old);
  CHECK(server.token_requests() == 1);
  const Grant grant = Load(id);
  CHECK(grant.state == GrantState::kDegraded);
  CHECK(absl::AbsDuration(*grant.retry_at - grant.now - absl::Seconds(90)) < absl::Seconds(20));
  MakeDue(id, Token::kEnded);
  const absl::Status refused = Get(id).status();
  CHECK(ReasonOf(refused) == "TOKEN_RATE_LIMITED");
  CHECK(RetryAfterOf(refused) > absl::Seconds(60));
  CHECK(server.token_requests() == 1);
}

TEST_CASE_METHOD(Fixture, "our own wrong secret is nobody's grant's fault") {
  const GrantId id = AddGrant();
  PutClientSecret("client_secret", "wrong");
  MakeDue(id);
  CHECK(Reason(id) == "TOKEN_INVALID_CLIENT");
  CHECK(Load(id).state == GrantState::kDegraded);
  CHECK(LastError(id)["class"] == "invalid_client");
  PutClientSecret("client_secret", ServerSwitches().client_secret);
  EndWaits(id);
  CHECK(server.IsLive(Token(id)));
}

TEST_CASE_METHOD(Fixture, "Microsoft's own code decides, not the one of OAuth beside it") {
  const GrantId id = AddGrant();
  server.Set([](ServerSwitches& s) {
    s.refresh_error = "invalid_grant";
    s.refresh_error_description =
        "AADSTS50076: Due to a configuration change you must use multi-factor authentication.";
  });
  MakeDue(id);
  CHECK(Reason(id) == "NEEDS_REAUTH");
  CHECK(LastError(id)["class"] == "consent_or_mfa_needed");
  CHECK(LastError(id)["provider_code"] == "AADSTS50076");
}

TEST_CASE_METHOD(Fixture,
                 "errors with status 200, form-encoded answers and nested tokens are read") {
  SECTION("an error with status 200") {
    const GrantId id = AddGrant();
    server.Set([](ServerSwitches& s) {
      s.refresh_error = "bad_refresh_token";
      s.error_status = 200;
    });
    MakeDue(id);
    CHECK(Reason(id) == "NEEDS_REAUTH");
  }
  SECTION("form-encoded") {
    const GrantId id = AddGrant(R"({"scope_separator":","})");
    server.Set([](ServerSwitches& s) { s.form_encoded = true; });
    MakeDue(id);
    CHECK(server.IsLive(Token(id)));
  }
  SECTION("nested") {
    const GrantId id = AddGrant(R"({"token_path":"authed_user"})");
    server.Set([](ServerSwitches& s) { s.nested = true; });
    MakeDue(id);
    CHECK(server.IsLive(Token(id)));
  }
}

TEST_CASE_METHOD(Fixture, "answers without end are cut off, and what they did is not known") {
  const GrantId id = AddGrant();
  SECTION("huge") {
    server.Set([](ServerSwitches& s) { s.huge_answer = true; });
  }
  SECTION("a gzip bomb") {
    server.Set([](ServerSwitches& s) { s.gzip_bomb = true; });
  }
  MakeDue(id);
  CHECK(absl::IsUnavailable(Get(id).status()));
  CHECK(Journal(id) == Lines{"unknown:bad_answer"});
}

TEST_CASE_METHOD(Fixture,
                 "lifetimes that are no lifetimes fall back on what is known of the provider") {
  const std::string expires_in = GENERATE("0", "-1", "\"soon\"", "");
  const GrantId id = AddGrant(R"({"access_ttl_seconds":600})");
  server.Set([&](ServerSwitches& s) { s.expires_in = expires_in; });
  MakeDue(id);
  Token(id);
  const Grant grant = Load(id);
  CHECK(absl::AbsDuration(*grant.access_expires_at - grant.now - absl::Minutes(10)) <
        absl::Seconds(30));
}

TEST_CASE_METHOD(Fixture, "without any known lifetime a token serves until it is refused") {
  const GrantId id = AddGrant();
  server.Set([](ServerSwitches& s) { s.expires_in = ""; });
  MakeDue(id);
  const std::string token = Token(id);
  CHECK_FALSE(Load(id).access_expires_at.has_value());
  CHECK(Token(id) == token);
  CHECK(server.token_requests() == 1);
}

TEST_CASE_METHOD(Fixture, "a token that a third party refuses is replaced once") {
  const GrantId id = AddGrant();
  const AccessToken token = Check(Get(id), "get");
  CHECK_FALSE(Check(refresher().TokenRejected(tenant.tenant, id, token.version),
                    "reject"));  // it is seconds old
  Execute("UPDATE connector.oauth_grants SET refreshed_at = now() - interval '1 min'");
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      CHECK(Check(refresher().TokenRejected(tenant.tenant, id, token.version), "reject"));
      CHECK(Check(Get(id), "get").version == 2);
    });
  }
  for (std::thread& caller : callers) caller.join();
  CHECK(server.token_requests() == 1);
}

TEST_CASE_METHOD(Fixture, "without a refresh token the end of the access token is the end") {
  const GrantId id = AddGrant();
  Execute("UPDATE connector.oauth_grants SET has_refresh_token = false");
  MakeDue(id, Token::kGood);
  Token(id);
  MakeDue(id, Token::kEnded);
  CHECK(Reason(id) == "NEEDS_REAUTH");
  CHECK(server.token_requests() == 0);
}

TEST_CASE_METHOD(Fixture, "client credentials need no consent, and are asked for once") {
  const GrantId id = AddPendingGrant(R"({"grant_type":"client_credentials"})");
  std::vector<std::thread> callers;
  for (int i = 0; i < 16; ++i) callers.emplace_back([&] { CHECK(server.IsLive(Token(id))); });
  for (std::thread& caller : callers) caller.join();
  CHECK(server.Counted("client_credentials") == 1);
  CHECK(Load(id).state == GrantState::kActive);
  MakeDue(id);
  Token(id);
  CHECK(server.Counted("client_credentials") == 2);
  CHECK(Secret(id, "refresh_token").empty());
}

TEST_CASE_METHOD(Fixture, "what is due is refreshed ahead of time, for all tenants") {
  const GrantId one = AddGrant(), two = AddGrant(), three = AddGrant();
  MakeDue(one, Token::kGood);
  MakeDue(two, Token::kGood);
  CHECK(Check(refresher().RefreshDue(10, absl::Seconds(20)), "refresh") == 2);
  CHECK(Load(one).token_version == 2);
  CHECK(Load(two).token_version == 2);
  CHECK(Load(three).token_version == 1);
  CHECK(Check(refresher().RefreshDue(10, absl::Seconds(20)), "refresh") == 0);
}

TEST_CASE_METHOD(Fixture, "a refresh that is asked for is done though nothing is due") {
  const GrantId id = AddGrant();
  const Grant grant = Check(
      refresher().Refresh(tenant.tenant, id, Asker{}, clock.Now() + absl::Seconds(20)), "refresh");
  CHECK(grant.token_version == 2);
  server.RevokeAll();
  CHECK(ReasonOf(refresher()
                     .Refresh(tenant.tenant, id, Asker{}, clock.Now() + absl::Seconds(20))
                     .status()) == "NEEDS_REAUTH");
}

TEST_CASE_METHOD(
    Fixture,
    "no token and no secret is in errors, rows or the journal, though the provider quotes them") {
  const GrantId id = AddGrant();
  const std::string refresh = Secret(id, "refresh_token");
  server.RevokeAll();  // the error's description has the token
  MakeDue(id);
  const std::string error = Get(id).status().ToString();
  CHECK(error.find(refresh) == std::string::npos);
  for (const char* table :
       {"oauth_grants", "refresh_attempts", "oauth_grant_changes", "oauth_attempts"}) {
    CHECK(Count(fmt::format("SELECT count(*) FROM connector.{} t WHERE t::text LIKE '%{}%'", table,
                            refresh)) == 0);
    CHECK(Count(fmt::format("SELECT count(*) FROM connector.{} t WHERE t::text LIKE '%s3cret%'",
                            table)) == 0);
  }
  CHECK_FALSE(server.SawInUrl(refresh));
}

}  // namespace
}  // namespace penstock::connector

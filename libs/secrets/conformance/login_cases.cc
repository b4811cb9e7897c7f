// Logins, and how long they last.
#include <catch2/catch.hpp>
#include <string>

#include "libs/secrets/conformance/fixture.h"

namespace penstock::secrets {
namespace {

struct Login : ConformanceFixture {
  Login() { vault->Write(kPath, {{kName, "planted-password"}}); }
};

TEST_CASE_METHOD(Login, "a secret is read with a token or an AppRole") {
  CHECK(Read(*OpenWithToken(vault->MakeToken(Rules()))) == "planted-password");
  CHECK(Read(*OpenWith(Rules())) == "planted-password");
}

TEST_CASE_METHOD(Login, "a login that is refused says which, and what Vault says") {
  const AppRole role = vault->AddAppRole(Rules());
  std::unique_ptr<vault::Session> session;
  std::string words;
  SECTION("another secret id") {
    session = OpenAsRole({role.role_id, "00000000-0000-0000-0000-000000000000"});
    words = "refuses the AppRole login at auth/" + vault->approle() + "/login (400: invalid role";
  }
  SECTION("another role id") {
    session = OpenAsRole({"00000000-0000-0000-0000-000000000000", role.secret_id});
    words = "refuses the AppRole login at auth/" + vault->approle() + "/login (400: invalid role";
  }
  SECTION("a token that nobody made") {
    session = OpenWithToken("hvs.planted-unknown");
    words = "does not know the token (403: ";
  }
  const absl::Status status = ReadDocument(*session).status();
  INFO(status);
  CHECK(absl::IsPermissionDenied(status));
  CHECK(Says(status, words));
  CHECK_FALSE(Says(status, role.secret_id));
  CHECK_FALSE(Says(status, "planted-unknown"));
}

TEST_CASE_METHOD(Login, "a token is renewed past two thirds of its lease, without a new login") {
  TokenRules rules = Rules();
  rules.ttl = absl::Minutes(30);
  const auto session = OpenWith(rules);
  for (int i = 0; i < 4; ++i) {
    CHECK(Read(*session) == "planted-password");
    clock.Advance(absl::Minutes(21));
  }
  CHECK(logins == 1);
}

TEST_CASE_METHOD(Login, "no renewal goes past the max TTL, whatever is asked for") {
  TokenRules rules = Rules();
  rules.max_ttl = absl::Hours(2);
  const crypto::Secret token(vault->MakeToken(rules));
  const crypto::Secret body(R"({"increment":"36000s"})");
  const vault::Transport transport(vault->transport());
  const auto reply = transport.Send({.method = vault::Request::Method::kPost,
                                     .path = "auth/token/renew-self",
                                     .token = &token,
                                     .body = &body});
  REQUIRE(reply.ok());
  INFO(reply->body.dump());
  CHECK(reply->status == 200);
  CHECK(reply->body["auth"]["lease_duration"] > 3600);
  CHECK(reply->body["auth"]["lease_duration"] <= 7200);
}

TEST_CASE_METHOD(Login, "a renewal that is refused, or not possible, is followed by a login") {
  TokenRules rules = Rules();
  rules.ttl = absl::Minutes(30);
  SECTION("the policy has no renew-self") { rules.may_renew = false; }
  SECTION("the token is not renewable") { rules.renewable = false; }
  const auto session = OpenWith(rules);
  CHECK(Read(*session) == "planted-password");
  clock.Advance(absl::Minutes(21));
  CHECK(Read(*session) == "planted-password");
  CHECK(logins == 2);
}

TEST_CASE_METHOD(Login, "a token that was taken back is followed by one login") {
  const auto session = OpenWith(Rules());
  CHECK(Read(*session) == "planted-password");
  vault->RevokeLogins();
  CHECK(Read(*session) == "planted-password");
  CHECK(logins == 2);
}

TEST_CASE_METHOD(Login,
                 "what a policy does not allow is said after one login, and names the path") {
  const absl::Status status = ReadDocument(*OpenWith({})).status();
  INFO(status);
  CHECK(absl::IsPermissionDenied(status));
  CHECK(Says(status, kv_path()));
  CHECK(logins == 1);
}

}  // namespace
}  // namespace penstock::secrets

// AuthService over gRPC on a real database: signing in, staying signed in, and who must not.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "services/interfaces/testing/identity_fixture.h"

namespace penstock::interfaces {
namespace {

namespace v1 = tenancy::v1;
using penstock::testing::Check;
using testing::IdentityFixture;
using testing::kPassword;

constexpr char kAda[] = "ada@example.com";

struct Service : IdentityFixture {
  void Sql(const std::string& sql) {
    Check(database.ConnectAsSuperuser()->ExecuteScript(sql), sql);
  }
  int64_t Count(const std::string& sql) {
    return Check(database.ConnectAsSuperuser()->Execute({"count", sql.c_str()}), sql)
        .Get<int64_t>(0, 0);
  }
  // Whether an access token is good, here and now.
  absl::Status Use(const std::string& token) {
    return Call(&v1::TenantService::Stub::GetTenant, *tenants, v1::GetTenantRequest(), token)
        .status();
  }
};

TEST_CASE_METHOD(Service,
                 "a temporary password is good for choosing another, and for nothing else") {
  const v1::CreateUserResponse created = Check(CreateUser(kAda, v1::ROLE_ADMIN, owner), "create");
  CHECK(created.user().must_change_password());
  CHECK(created.temporary_password_expire_time().seconds() >
        absl::ToUnixSeconds(absl::Now() + absl::Hours(23)));
  const absl::Status refused = Login(kAda, created.temporary_password()).status();
  CHECK(absl::IsFailedPrecondition(refused));
  CHECK(ReasonOf(refused) == "PASSWORD_CHANGE_REQUIRED");
  const auto tokens = ChangePassword(kAda, created.temporary_password(), kPassword);
  REQUIRE(tokens.ok());
  CHECK(Use(tokens->access_token()).ok());
  CHECK(tokens->user_id() == created.user().id());
  CHECK(tokens->expires_in().seconds() > 500);
  CHECK(ReasonOf(ChangePassword(kAda, created.temporary_password(), "another long one").status()) ==
        "BAD_CREDENTIALS");
  CHECK(Login(kAda, kPassword).ok());
}

TEST_CASE_METHOD(Service, "a temporary password ends after a day") {
  const v1::CreateUserResponse created = Check(CreateUser(kAda, v1::ROLE_ADMIN, owner), "create");
  Sql("UPDATE tenancy.user_credentials SET expires_at = now() - interval '1 second'");
  for (const absl::Status& status :
       {Login(kAda, created.temporary_password()).status(),
        ChangePassword(kAda, created.temporary_password(), kPassword).status()}) {
    CHECK(absl::IsFailedPrecondition(status));
    CHECK(ReasonOf(status) == "PASSWORD_EXPIRED");
  }
  CHECK(ReasonOf(Login(kAda, "wrong password").status()) == "BAD_CREDENTIALS");
}

TEST_CASE_METHOD(Service,
                 "tenant and address are found in every spelling, and a tenant also by its id") {
  AddPerson("Ada@Example.com", v1::ROLE_VIEWER);
  CHECK(Login("ADA@example.COM", kPassword).ok());
  CHECK(Login(kAda, kPassword, acme.ToString()).ok());
  CHECK_FALSE(Login(kAda, kPassword, "slow").ok());
}

TEST_CASE_METHOD(
    Service, "unknown tenant, unknown person, disabled person and wrong password get one answer") {
  const v1::Tokens ada = AddPerson(kAda, v1::ROLE_VIEWER);
  AddPerson("off@example.com", v1::ROLE_VIEWER);
  Sql("UPDATE tenancy.users SET status = 'disabled' WHERE email = 'off@example.com'");
  std::set<std::string> answers;
  for (const absl::Status& status :
       {Login(kAda, "wrong password").status(), Login("nobody@example.com", kPassword).status(),
        Login("off@example.com", kPassword).status(), Login(kAda, kPassword, "nobody").status(),
        Login(kAda, kPassword, "slow").status()}) {
    CHECK(absl::IsUnauthenticated(status));
    CHECK(ReasonOf(status) == "BAD_CREDENTIALS");
    answers.insert(status.ToString());
  }
  CHECK(answers.size() == 1);
}

TEST_CASE_METHOD(Service, "an unknown account takes a password's time, as a wrong password does") {
  AddPerson(kAda, v1::ROLE_VIEWER);
  auto fastest = [&](const std::string& email, const std::string& tenant) {
    absl::Duration best = absl::InfiniteDuration();
    for (int i = 0; i < 3; ++i) {
      const absl::Time start = absl::Now();
      CHECK_FALSE(Login(email, "wrong password", tenant).ok());
      best = std::min(best, absl::Now() - start);
    }
    return best;
  };
  const absl::Duration wrong = fastest(kAda, "acme");
  // A hash takes tens of milliseconds, everything else a few: without one this would be far below
  // half.
  CHECK(fastest("nobody@example.com", "acme") > wrong / 2);
  CHECK(fastest(kAda, "nobody") > wrong / 2);
}

TEST_CASE_METHOD(Service, "guessing at one account is slowed down, and others are not") {
  config.login_throttle.account = {.burst = 3, .interval = absl::Seconds(30)};
  Restart();
  AddPerson(kAda, v1::ROLE_VIEWER);
  AddPerson("bob@example.com", v1::ROLE_VIEWER);
  for (int i = 0; i < 3; ++i) {
    CHECK(ReasonOf(Login(kAda, "wrong password").status()) == "BAD_CREDENTIALS");
  }
  // Other spellings of address and tenant are the same account, and a right password is as good as
  // a wrong one.
  for (const absl::Status& status :
       {Login(kAda, kPassword).status(), Login("ADA@example.com", kPassword).status(),
        Login(kAda, kPassword, acme.ToString()).status(),
        ChangePassword(kAda, kPassword, "another long one").status()}) {
    CHECK(absl::IsResourceExhausted(status));
    CHECK(ReasonOf(status) == "TOO_MANY_ATTEMPTS");
    CHECK(RetryAfterOf(status) > absl::ZeroDuration());
    CHECK(RetryAfterOf(status) <= absl::Seconds(30));
  }
  CHECK(Login("bob@example.com", kPassword).ok());
}

TEST_CASE_METHOD(Service, "an account that does not exist is slowed down like any other") {
  config.login_throttle.account = {.burst = 3, .interval = absl::Seconds(30)};
  Restart();
  for (int i = 0; i < 3; ++i) {
    CHECK(ReasonOf(Login("nobody@example.com", kPassword).status()) == "BAD_CREDENTIALS");
  }
  CHECK(ReasonOf(Login("Nobody@example.com", kPassword).status()) == "TOO_MANY_ATTEMPTS");
}

TEST_CASE_METHOD(Service, "guessing from one address is slowed down over all accounts") {
  config.login_throttle.address = {.burst = 4, .interval = absl::Seconds(60)};
  Restart();
  for (int i = 0; i < 4; ++i) {
    CHECK(ReasonOf(Login(fmt::format("a{}@example.com", i), "wrong password").status()) ==
          "BAD_CREDENTIALS");
  }
  CHECK(ReasonOf(Login("another@example.com", "wrong password").status()) == "TOO_MANY_ATTEMPTS");
}

TEST_CASE_METHOD(Service, "guesses made at once are counted as if made one after the other") {
  config.login_throttle.account = {.burst = 3, .interval = absl::Seconds(30)};
  Restart();
  std::atomic<int> looked_at = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      looked_at += ReasonOf(Login(kAda, "wrong password").status()) == "BAD_CREDENTIALS";
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(looked_at == 3);
}

TEST_CASE_METHOD(Service, "what can't be a sign-in is refused by field") {
  auto field_of = [](const absl::Status& status) {
    const auto violations = ViolationsOf(status);
    return violations.size() == 1 ? violations[0].field : "";
  };
  CHECK(field_of(Login("", kPassword).status()) == "email");
  CHECK(field_of(Login(kAda, "").status()) == "password");
  CHECK(field_of(Login(kAda, std::string(1025, 'x')).status()) == "password");
  CHECK(field_of(Login(kAda, kPassword, std::string("ac\0me", 5)).status()) == "tenant");
  AddPerson(kAda, v1::ROLE_VIEWER);
  CHECK(field_of(ChangePassword(kAda, kPassword, "short").status()) == "new_password");
  CHECK(field_of(ChangePassword(kAda, kPassword, kPassword).status()) == "new_password");
}

TEST_CASE_METHOD(Service, "a refresh gives new tokens, with the roles of now") {
  const v1::Tokens first = AddPerson(kAda, v1::ROLE_VIEWER);
  v1::SetUserRolesRequest roles;
  roles.set_id(first.user_id());
  roles.add_roles(v1::ROLE_ADMIN);
  Check(Call(&v1::UserService::Stub::SetUserRoles, *users, roles, owner).status(), "set roles");
  v1::ListAuditEventsRequest admin_only;
  CHECK_FALSE(
      Call(&v1::AuditService::Stub::ListAuditEvents, *audit, admin_only, first.access_token())
          .ok());
  const auto second = Refresh(first.refresh_token());
  REQUIRE(second.ok());
  CHECK(second->refresh_token() != first.refresh_token());
  CHECK(second->session_expire_time().seconds() == first.session_expire_time().seconds());
  CHECK(Call(&v1::AuditService::Stub::ListAuditEvents, *audit, admin_only, second->access_token())
            .ok());
  CHECK(Refresh(second->refresh_token()).ok());
}

TEST_CASE_METHOD(Service,
                 "a refresh token used twice ends the session, for the thief and for the robbed") {
  const v1::Tokens first = AddPerson(kAda, v1::ROLE_VIEWER);
  const v1::Tokens second = Check(Refresh(first.refresh_token()), "refresh");
  const absl::Status reused = Refresh(first.refresh_token()).status();
  CHECK(absl::IsUnauthenticated(reused));
  CHECK(ReasonOf(reused) == "REFRESH_TOKEN_REUSED");
  CHECK(ReasonOf(Refresh(second.refresh_token()).status()) == "INVALID_REFRESH_TOKEN");
  CHECK(AuditLog().front().starts_with("auth.refresh_token_reused session/"));
  // Another session of the same person goes on.
  CHECK(Refresh(Check(Login(kAda, kPassword), "sign in").refresh_token()).ok());
}

TEST_CASE_METHOD(Service,
                 "the retry of a lost answer gets the same refresh token, until it is used") {
  const v1::Tokens first = AddPerson(kAda, v1::ROLE_VIEWER);
  const v1::Tokens second = Check(Refresh(first.refresh_token(), "request-1"), "refresh");
  const v1::Tokens again = Check(Refresh(first.refresh_token(), "request-1"), "repeat");
  CHECK(again.refresh_token() == second.refresh_token());
  CHECK(Use(again.access_token()).ok());
  const v1::Tokens third = Check(Refresh(second.refresh_token(), "request-2"), "refresh");
  CHECK(ReasonOf(Refresh(first.refresh_token(), "request-1").status()) == "REFRESH_TOKEN_REUSED");
  CHECK_FALSE(Refresh(third.refresh_token()).ok());
}

TEST_CASE_METHOD(Service, "a retry that is late, or has another request id, is a reuse") {
  const v1::Tokens late = AddPerson(kAda, v1::ROLE_VIEWER);
  Check(Refresh(late.refresh_token(), "request-1").status(), "refresh");
  Sql("UPDATE tenancy.refresh_tokens SET used_at = used_at - interval '31 seconds' WHERE used_at "
      "IS NOT NULL");
  CHECK(ReasonOf(Refresh(late.refresh_token(), "request-1").status()) == "REFRESH_TOKEN_REUSED");
  const v1::Tokens other = Check(Login(kAda, kPassword), "sign in");
  Check(Refresh(other.refresh_token(), "request-1").status(), "refresh");
  CHECK(ReasonOf(Refresh(other.refresh_token(), "request-2").status()) == "REFRESH_TOKEN_REUSED");
}

TEST_CASE_METHOD(Service,
                 "of many refreshes with one token exactly one wins, and the family ends") {
  for (int round = 0; round < 5; ++round) {
    const v1::Tokens first =
        round == 0 ? AddPerson(kAda, v1::ROLE_VIEWER) : Check(Login(kAda, kPassword), "sign in");
    std::vector<absl::StatusOr<v1::Tokens>> answers(8, absl::UnknownError(""));
    std::vector<std::thread> threads;
    for (auto& answer : answers) {
      threads.emplace_back([&] { answer = Refresh(first.refresh_token()); });
    }
    for (std::thread& thread : threads) thread.join();
    const auto won = std::ranges::count_if(answers, [](const auto& answer) { return answer.ok(); });
    CHECK(won == 1);
    for (const auto& answer : answers) {
      if (answer.ok())
        CHECK(ReasonOf(Refresh(answer->refresh_token()).status()) == "INVALID_REFRESH_TOKEN");
    }
    // The one that came second found the reuse, the others an ended session.
    CHECK(std::ranges::count_if(answers, [](const auto& answer) {
            return ReasonOf(answer.status()) == "REFRESH_TOKEN_REUSED";
          }) == 1);
  }
}

TEST_CASE_METHOD(Service, "many copies of one request get one token") {
  const v1::Tokens first = AddPerson(kAda, v1::ROLE_VIEWER);
  std::vector<absl::StatusOr<v1::Tokens>> answers(8, absl::UnknownError(""));
  std::vector<std::thread> threads;
  for (auto& answer : answers) {
    threads.emplace_back([&] { answer = Refresh(first.refresh_token(), "the same"); });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> tokens;
  for (const auto& answer : answers) {
    REQUIRE(answer.ok());
    tokens.insert(answer->refresh_token());
  }
  CHECK(tokens.size() == 1);
  CHECK(Refresh(*tokens.begin()).ok());
}

TEST_CASE_METHOD(Service, "many sign-ins of one person at once all get sessions of their own") {
  AddPerson(kAda, v1::ROLE_VIEWER);
  std::vector<absl::StatusOr<v1::Tokens>> answers(6, absl::UnknownError(""));
  std::vector<std::thread> threads;
  for (auto& answer : answers) {
    threads.emplace_back([&] { answer = Login(kAda, kPassword); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& answer : answers) {
    REQUIRE(answer.ok());
    CHECK(Refresh(answer->refresh_token()).ok());
  }
}

TEST_CASE_METHOD(Service, "a session ends by logout, once and for all") {
  const v1::Tokens tokens = AddPerson(kAda, v1::ROLE_VIEWER);
  CHECK(Logout(tokens.refresh_token()).ok());
  CHECK(Logout(tokens.refresh_token()).ok());
  CHECK(ReasonOf(Refresh(tokens.refresh_token()).status()) == "INVALID_REFRESH_TOKEN");
  CHECK(AuditLog().front().starts_with("auth.logout session/"));
}

TEST_CASE_METHOD(Service,
                 "a session ends with its time, its person, its tenant and the person's password") {
  const v1::Tokens ada = AddPerson(kAda, v1::ROLE_VIEWER);
  Check(ChangePassword(kAda, kPassword, "another long one").status(), "change");
  CHECK(ReasonOf(Refresh(ada.refresh_token()).status()) == "INVALID_REFRESH_TOKEN");
  auto login = [&] { return Check(Login(kAda, "another long one"), "sign in").refresh_token(); };
  const std::string by_time = login();
  Sql("UPDATE tenancy.sessions SET expires_at = now()");
  CHECK_FALSE(Refresh(by_time).ok());
  const std::string by_person = login();
  Sql("UPDATE tenancy.users SET status = 'disabled'");
  CHECK_FALSE(Refresh(by_person).ok());
  Sql("UPDATE tenancy.users SET status = 'active'");
  const std::string by_tenant = login();
  Sql("UPDATE tenancy.tenants SET status = 'suspended' WHERE slug = 'acme'");
  CHECK_FALSE(Refresh(by_tenant).ok());
  CHECK(ReasonOf(Login(kAda, "another long one").status()) == "BAD_CREDENTIALS");
}

TEST_CASE_METHOD(Service, "what is no refresh token of ours ends nobody's session") {
  const v1::Tokens tokens = AddPerson(kAda, v1::ROLE_VIEWER);
  std::string other_secret = tokens.refresh_token();
  other_secret[60] = other_secret[60] == 'A' ? 'B' : 'A';
  // Moved to another tenant: tenant id in front.
  std::string bytes = *crypto::Base64UrlDecode(tokens.refresh_token().substr(3));
  bytes.replace(0, 16, std::string(slow.uuid().as_string_view()));
  for (const std::string& token :
       {std::string(), std::string("rt_"), std::string("rt_x"), other_secret, tokens.access_token(),
        "rt_" + crypto::Base64UrlEncode(bytes)}) {
    CHECK(ReasonOf(Refresh(token).status()) == "INVALID_REFRESH_TOKEN");
    CHECK(ReasonOf(Logout(token)) == "INVALID_REFRESH_TOKEN");
  }
  CHECK(Refresh(tokens.refresh_token()).ok());
}

TEST_CASE_METHOD(Service, "neither passwords nor tokens are in the database") {
  const v1::Tokens tokens = AddPerson(kAda, v1::ROLE_VIEWER);
  CHECK(
      Count(
          "SELECT count(*) FROM tenancy.user_credentials WHERE password_hash LIKE '$argon2id$%'") ==
      1);
  const std::string secret =
      crypto::HexEncode(*crypto::Base64UrlDecode(tokens.refresh_token().substr(3))).substr(64);
  CHECK(Count("SELECT count(*) FROM tenancy.refresh_tokens WHERE encode(token_hash, 'hex') = '" +
              secret + "'") == 0);
  CHECK(Count("SELECT count(*) FROM tenancy.refresh_tokens") == 1);
}

TEST_CASE_METHOD(Service, "old sessions of a person are cleared away when the next begins") {
  AddPerson(kAda, v1::ROLE_VIEWER);
  Sql("INSERT INTO tenancy.sessions (tenant_id, session_id, user_id, created_at, expires_at) "
      "SELECT tenant_id, gen_random_uuid(), user_id, now(), now() + interval '1 day' FROM "
      "tenancy.users, generate_series(1, 150)");
  Sql("UPDATE tenancy.sessions SET expires_at = now() - interval '1 day' WHERE session_id IN "
      "(SELECT session_id FROM tenancy.sessions LIMIT 9)");
  Check(Login(kAda, kPassword).status(), "sign in");
  CHECK(Count("SELECT count(*) FROM tenancy.sessions") <= 100);
  CHECK(Count("SELECT count(*) FROM tenancy.sessions WHERE expires_at < now()") == 0);
}

TEST_CASE_METHOD(Service, "the public keys are at hand over gRPC and HTTP") {
  const v1::Jwks jwks =
      Check(Call(&v1::AuthService::Stub::GetJwks, *auth, v1::GetJwksRequest(), ""), "jwks");
  REQUIRE(jwks.keys_size() == 1);
  CHECK(jwks.keys(0).alg() == "EdDSA");
  penstock::testing::HttpClient client = Connect();
  const auto response = Check(client.Call("GET", "/.well-known/jwks.json"), "get");
  CHECK(response.status == 200);
  CHECK(response.header("content-type") == "application/json");
  CHECK(response.body.find(jwks.keys(0).x()) != std::string::npos);
  CHECK(response.body.find("\"d\"") == std::string::npos);
}

}  // namespace
}  // namespace penstock::interfaces

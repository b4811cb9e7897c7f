// What the database itself holds about people, sessions and the audit log, whoever writes.
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/ids/platform.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/sqlstate.h"
#include "libs/testing/check.h"
#include "libs/testing/postgres.h"
#include "libs/testing/tenants.h"

namespace penstock::migrate {
namespace {

using postgres::Connection;
using postgres::ConstraintOf;
using postgres::Params;
using postgres::Result;
using postgres::Role;
using testing::Check;

class Fixture {
 protected:
  // A connection on the server role inside a transaction of `tenant`.
  std::unique_ptr<Connection> Begin(TenantId tenant) {
    auto connection = database_.Connect(Role::kServer);
    Check(connection->ExecuteScript(
              fmt::format("BEGIN; SET LOCAL app.tenant_id = '{}'", tenant.ToString())),
          "begin");
    return connection;
  }
  static absl::Status Audit(Connection& connection, TenantId tenant) {
    return connection
        .Execute({"audit",
                  "INSERT INTO tenancy.audit_log (tenant_id, action, resource_type, resource_id) "
                  "VALUES ($1, 'sample.made', 'sample', '1')"},
                 Params().Add(tenant))
        .status();
  }
  Result AsSuperuser(const std::string& sql) {
    return Check(database_.ConnectAsSuperuser()->Execute({"query", sql.c_str()}), sql);
  }
  absl::Status AddUser(Connection& connection, UserId user, const std::string& email) {
    return connection
        .Execute({"user",
                  "INSERT INTO tenancy.users (tenant_id, user_id, email, first_name, last_name) "
                  "VALUES ($1, $2, $3, 'Ada', 'Lovelace')"},
                 Params().Add(acme_.tenant).Add(user).Add(email))
        .status();
  }

  testing::TestDatabase database_;
  testing::TestTenant acme_ = testing::CreateTenant(database_, "acme");
  testing::TestTenant other_ = testing::CreateTenant(database_, "other");
};

TEST_CASE_METHOD(
    Fixture,
    "audit rows of one tenant are numbered without gaps and chained, from any number of writers") {
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 4; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < 10; ++i) {
        auto connection = Begin(acme_.tenant);
        Check(Audit(*connection, acme_.tenant), "audit");
        // One in ten is rolled back and leaves no gap.
        Check(connection->ExecuteScript(i == writer ? "ROLLBACK" : "COMMIT"), "end");
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  Result broken = AsSuperuser(
      "SELECT sequence FROM (SELECT sequence, occurred_at, previous_hash, row_number() OVER w AS "
      "place, lag(hash) OVER w AS before, "
      "lag(occurred_at) OVER w AS earlier FROM tenancy.audit_log WINDOW w AS (ORDER BY sequence)) "
      "l "
      "WHERE sequence <> place OR previous_hash <> coalesce(before, decode(repeat('00', 32), "
      "'hex')) OR occurred_at < earlier");
  CHECK(broken.rows() == 0);
  CHECK(AsSuperuser("SELECT sequence FROM tenancy.audit_heads").Get<int64_t>(0, 0) == 36);
}

TEST_CASE_METHOD(Fixture, "an audit row says nothing about its own place in the chain") {
  auto connection = Begin(acme_.tenant);
  Check(connection
            ->Execute({"audit",
                       "INSERT INTO tenancy.audit_log (tenant_id, sequence, occurred_at, action, "
                       "resource_type, resource_id, "
                       "previous_hash, hash) VALUES ($1, 77, '2001-01-01', 'sample.made', "
                       "'sample', '1', sha256('a'), sha256('b'))"},
                      Params().Add(acme_.tenant))
            .status(),
        "insert");
  Check(connection->ExecuteScript("COMMIT"), "commit");
  Result row = AsSuperuser(
      "SELECT sequence, occurred_at > '2020-01-01', hash <> sha256('b') FROM tenancy.audit_log");
  CHECK(row.Get<int64_t>(0, 0) == 1);
  CHECK(row.Get<bool>(0, 1));
  CHECK(row.Get<bool>(0, 2));
}

TEST_CASE_METHOD(
    Fixture, "the audit log takes no row of another tenant and no change, not even by TRUNCATE") {
  CHECK(absl::IsPermissionDenied(Audit(*Begin(acme_.tenant), other_.tenant)));
  auto connection = Begin(acme_.tenant);
  Check(Audit(*connection, acme_.tenant), "audit");
  Check(connection->ExecuteScript("COMMIT"), "commit");
  for (const char* change : {"UPDATE tenancy.audit_log SET action = 'x.y'",
                             "DELETE FROM tenancy.audit_log", "TRUNCATE tenancy.audit_log"}) {
    CAPTURE(change);
    CHECK(absl::IsPermissionDenied(database_.ConnectAsSuperuser()->ExecuteScript(change)));
  }
  for (const char* change :
       {"UPDATE tenancy.audit_heads SET sequence = 0", "DELETE FROM tenancy.audit_heads"}) {
    CAPTURE(change);
    CHECK(absl::IsPermissionDenied(Begin(acme_.tenant)->ExecuteScript(change)));
  }
}

TEST_CASE_METHOD(Fixture, "a user comes with a profile, which no service can make") {
  auto connection = Begin(acme_.tenant);
  const UserId user = UserId::Make(absl::Now());
  Check(AddUser(*connection, user, "ada@example.com"), "user");
  Result profile = Check(
      connection->Execute(
          {"profile", "SELECT user_id, name, plan_type, usage_count FROM tenancy.user_profiles"}),
      "read");
  REQUIRE(profile.rows() == 1);
  CHECK(profile.Get<UserId>(0, 0) == user);
  CHECK(profile.Get<std::string>(0, 1) == "Ada Lovelace");
  CHECK(profile.Get<std::string>(0, 2) == "free");
  CHECK(absl::IsPermissionDenied(connection->ExecuteScript(
      "INSERT INTO tenancy.user_profiles SELECT * FROM tenancy.user_profiles")));
}

TEST_CASE_METHOD(
    Fixture,
    "an e-mail address is one user of a tenant in whatever case, and another's elsewhere") {
  auto connection = Begin(acme_.tenant);
  Check(AddUser(*connection, UserId::Make(absl::Now()), "ada@example.com"), "user");
  CHECK(ConstraintOf(AddUser(*connection, UserId::Make(absl::Now()), "ADA@example.com")) ==
        "users_email_unique");
  CHECK(ConstraintOf(AddUser(*Begin(acme_.tenant), UserId::Make(absl::Now()), "no address")) ==
        "users_email_form");
}

TEST_CASE_METHOD(Fixture, "only an Argon2id hash is a password, and a temporary one expires") {
  auto insert = [&](const char* values) {
    auto connection = Begin(acme_.tenant);
    const UserId user = UserId::Make(absl::Now());
    Check(AddUser(*connection, user, "ada@example.com"), "user");
    const std::string sql = fmt::format(
        "INSERT INTO tenancy.user_credentials (tenant_id, user_id, password_hash, must_change, "
        "expires_at) VALUES ($1, $2, {})",
        values);
    return ConstraintOf(
        connection->Execute({"credentials", sql.c_str()}, Params().Add(acme_.tenant).Add(user))
            .status());
  };
  CHECK(insert("'hunter2', false, NULL") == "user_credentials_argon2id");
  CHECK(insert("'$argon2id$v=19$m=65536,t=2,p=1$a$b', true, NULL") ==
        "user_credentials_temporary_expires");
  CHECK(insert("'$argon2id$v=19$m=65536,t=2,p=1$a$b', true, now()") == "");
}

TEST_CASE_METHOD(Fixture, "a family of refresh tokens has one good token at a time") {
  auto connection = Begin(acme_.tenant);
  const UserId user = UserId::Make(absl::Now());
  Check(AddUser(*connection, user, "ada@example.com"), "user");
  const Uuid session = Uuid::MakeV7(absl::Now());
  Check(connection
            ->Execute({"session",
                       "INSERT INTO tenancy.sessions (tenant_id, session_id, user_id, created_at, "
                       "expires_at) "
                       "VALUES ($1, $2, $3, now(), now())"},
                      Params().Add(acme_.tenant).Add(session).Add(user))
            .status(),
        "session");
  auto issue = [&](const char* token) {
    return connection
        ->Execute(
            {"token",
             "INSERT INTO tenancy.refresh_tokens (tenant_id, session_id, token_hash, issued_at) "
             "VALUES ($1, $2, sha256($3::text::bytea), now())"},
            Params().Add(acme_.tenant).Add(session).Add(token))
        .status();
  };
  Check(issue("first"), "first");
  CHECK(ConstraintOf(issue("second")) == "refresh_tokens_one_unused");
}

TEST_CASE_METHOD(Fixture,
                 "a project with workflows can't be deleted, and a tenant takes both along") {
  auto connection = Begin(acme_.tenant);
  Check(connection
            ->Execute({"workflow",
                       "INSERT INTO workflow.workflows (tenant_id, workflow_id, project_id, name, "
                       "service_display_name) "
                       "VALUES ($1, gen_random_uuid(), $2, 'w', 'w')"},
                      Params().Add(acme_.tenant).Add(acme_.project))
            .status(),
        "workflow");
  Check(connection->ExecuteScript("COMMIT"), "commit");
  CHECK(ConstraintOf(Begin(acme_.tenant)->ExecuteScript("DELETE FROM tenancy.projects")) ==
        "workflows_project_exists");
  auto admin = database_.Connect(Role::kAdmin);
  CHECK(admin->ExecuteScript("DELETE FROM tenancy.tenants WHERE slug = 'acme'").ok());
  CHECK(AsSuperuser("SELECT FROM workflow.workflows WHERE tenant_id <> '" + kPlatformTenant.ToString() + "'").rows() == 0);
}

}  // namespace
}  // namespace penstock::migrate

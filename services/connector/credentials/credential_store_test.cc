// Storing and opening secrets on a real database, and what an intruder with the database can do.
#include "services/connector/credentials/credential_store.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/testing/prepare_all.h"
#include "libs/testing/process.h"
#include "services/connector/credentials/queries.h"
#include "services/connector/credentials/testing/credential_fixture.h"

namespace penstock::connector {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Role;
using testing::Check;

class Fixture : protected testing::CredentialFixture {
 protected:
  absl::Status Change(const CredentialOwner& owner,
                      const std::function<absl::Status(Connection&)>& body) {
    return postgres::RunInTransaction(*replica->pool, {.tenant = owner.tenant}, body);
  }
  std::vector<FieldInfo> FieldsOf(const CredentialOwner& owner) {
    std::vector<FieldInfo> fields;
    Check(Change(owner,
                 [&](Connection& connection) -> absl::Status {
                   fields = Check(store().Fields(connection, owner), "fields");
                   return absl::OkStatus();
                 }),
          "list");
    return fields;
  }
  // As an intruder writes who owns the database: past policies, triggers and the check of headers.
  void Tamper(const std::string& sql) {
    Run("ALTER TABLE connector.sealed_values DROP CONSTRAINT IF EXISTS "
        "sealed_values_header_agrees; "
        "SET session_replication_role = replica; " +
        sql);
  }
  static std::string Where(const CredentialOwner& owner, const std::string& field) {
    return fmt::format("owner_id = '{}' AND field = '{}'", owner.id.ToString(), field);
  }
  int64_t Audited(const std::string& condition) {
    return Count("SELECT count(*) FROM connector.credential_audit WHERE " + condition);
  }

  const CredentialOwner owner_ = OwnerOf(tenant);
};

TEST_CASE_METHOD(Fixture, "every statement fits the schema") {
  CHECK(penstock::testing::PrepareAll(*database.Connect(Role::kServer), credentials::kAllQueries) ==
        absl::OkStatus());
}

TEST_CASE_METHOD(Fixture, "what was put is opened, and the use is on record") {
  Check(Put(owner_, {{"api_key", "planted-1"}, {"password", "planted-2"}}), "put");
  const Use use = UseOf(owner_, {"api_key"});
  const absl::StatusOr<Opened> opened = store().Open(use, absl::Now() + absl::Seconds(30));
  REQUIRE(opened.status() == absl::OkStatus());
  CHECK(*opened->credentials.Get("api_key") == "planted-1");
  CHECK(opened->credentials.Find("password") == nullptr);
  CHECK(Audited(fmt::format(
            "event = 'opened' AND use_id = '{}' AND tenant_id = '{}' AND owner_kind = 'connector' "
            "AND owner_id = '{}' AND fields = '{{api_key}}' AND value_versions = '{{{}}}' AND "
            "purpose "
            "= 'fetch' AND target_host = 'api.example.com' AND execution_id = 'execution-1' AND "
            "actor_user_id = '{}' AND actor_api_key_id IS NULL AND request_id = 'request-1'",
            opened->use.id.ToString(), tenant.ToString(), owner_.id.ToString(),
            opened->versions.at("api_key"), use.caller.user.ToString())) == 1);
}

TEST_CASE_METHOD(Fixture, "an outcome is a row of its own, behind the use") {
  Check(Put(owner_, {{"api_key", "planted-1"}}), "put");
  const Opened opened = Check(Open(owner_, {"api_key"}), "open");
  store().RecordOutcome(opened.use, UseOutcome::kRejected, 401);
  REQUIRE(replica->recorder.Flush(absl::Now() + absl::Seconds(30)));
  CHECK(Audited(fmt::format("event = 'outcome' AND use_id = '{}' AND result = 'rejected' AND "
                            "http_status = 401 AND sequence = 2",
                            opened.use.id.ToString())) == 1);
}

TEST_CASE_METHOD(Fixture, "outcomes that are queued are written when the recorder stops") {
  Check(Put(owner_, {{"api_key", "planted-1"}}), "put");
  const Opened opened = Check(Open(owner_, {"api_key"}), "open");
  for (int i = 0; i < 1000; ++i) store().RecordOutcome(opened.use, UseOutcome::kSucceeded, 200);
  replica->recorder.Stop();
  CHECK(Audited("event = 'outcome'") == 1000);
}

TEST_CASE_METHOD(Fixture, "a refused use is on record, too") {
  Check(Put(owner_, {{"api_key", "planted-1"}}), "put");
  const absl::Status missing = Open(owner_, {"api_key", "password"}).status();
  CHECK(ReasonOf(missing) == "CREDENTIAL_MISSING");
  CHECK(MetadataOf(missing, "field") == "password");
  CHECK(Audited("event = 'refused' AND result = 'CREDENTIAL_MISSING' AND fields = "
                "'{api_key,password}'") == 1);
  Use foreign = UseOf(owner_, {"api_key"});
  foreign.caller.tenant = TenantId::Make(absl::Now());
  CHECK(absl::IsPermissionDenied(store().Open(foreign, absl::Now() + absl::Seconds(30)).status()));
  CHECK(Audited("event = 'refused' AND result = 'CREDENTIAL_OF_ANOTHER_TENANT'") == 1);
  CHECK(Audited("event = 'opened'") == 0);
}

TEST_CASE_METHOD(Fixture, "optional fields are opened where they are there") {
  Check(Put(owner_, {{"api_key", "planted-1"}}), "put");
  Use use = UseOf(owner_, {"api_key"});
  use.optional_fields = {"password"};
  const Opened opened = Check(store().Open(use, absl::Now() + absl::Seconds(30)), "open");
  CHECK(opened.credentials.values().size() == 1);
  CHECK(Audited("event = 'opened' AND fields = '{api_key}'") == 1);
}

TEST_CASE_METHOD(Fixture, "a use that says not whose, which or whither is a mistake of ours") {
  Use use = UseOf(owner_, {});
  CHECK(absl::IsInternal(store().Open(use, absl::Now() + absl::Seconds(30)).status()));
  use = UseOf(owner_, {"api_key"});
  use.target_host = "";
  CHECK(absl::IsInternal(store().Open(use, absl::Now() + absl::Seconds(30)).status()));
}

TEST_CASE_METHOD(Fixture, "a new version replaces the old one, which is kept on demand") {
  Check(Put(owner_, {{"refresh_token", "first"}}), "put");
  Check(Put(owner_, {{"refresh_token", "second"}}, KeepPrevious::kYes), "put");
  Check(Put(owner_, {{"refresh_token", "third"}}, KeepPrevious::kYes), "put");
  CHECK(Read(owner_, "refresh_token") == "third");
  Use use = UseOf(owner_, {"refresh_token"});
  use.previous = true;
  const auto previous = [&] {
    return Shown(store().Open(use, absl::Now() + absl::Seconds(30)), "refresh_token");
  };
  CHECK(previous() == "second");
  CHECK(Count("SELECT count(*) FROM connector.sealed_values") == 2);
  Check(Change(owner_,
               [&](Connection& connection) {
                 return store().ForgetPrevious(connection, owner_, {"refresh_token"});
               }),
        "forget");
  CHECK(previous() == "error: CREDENTIAL_MISSING");
  CHECK(Read(owner_, "refresh_token") == "third");
  Check(Put(owner_, {{"refresh_token", "fourth"}}, KeepPrevious::kYes), "put");
  Check(Put(owner_, {{"refresh_token", "fifth"}}), "put");
  CHECK(previous() == "error: CREDENTIAL_MISSING");
}

TEST_CASE_METHOD(Fixture, "fields are listed with their versions and never their values") {
  Check(Put(owner_, {{"api_key", "planted-1"}, {"password", "planted-2"}}), "put");
  const std::vector<FieldInfo> before = FieldsOf(owner_);
  REQUIRE(before.size() == 2);
  CHECK(before[0].name == "api_key");
  Check(Put(owner_, {{"api_key", "planted-3"}}), "put");
  const std::vector<FieldInfo> after = FieldsOf(owner_);
  CHECK(after[0].version > before[1].version);
  CHECK(after[0].updated_at >= before[0].updated_at);
  CHECK(after[1].version == before[1].version);
}

TEST_CASE_METHOD(Fixture, "what is removed is gone") {
  Check(Put(owner_, {{"api_key", "planted-1"}, {"password", "planted-2"}}), "put");
  const CredentialOwner other = OwnerOf(tenant);
  Check(Put(other, {{"api_key", "planted-3"}}), "put");
  Check(Change(owner_, [&](Connection& c) { return store().Remove(c, owner_, {"api_key"}); }),
        "remove");
  CHECK(Read(owner_, "api_key") == "error: CREDENTIAL_MISSING");
  CHECK(Read(owner_, "password") == "planted-2");
  Check(Change(owner_, [&](Connection& c) { return store().RemoveAll(c, owner_); }), "remove all");
  CHECK(FieldsOf(owner_).empty());
  CHECK(Read(other, "api_key") == "planted-3");
}

TEST_CASE_METHOD(Fixture, "what can't be a secret is refused with its name") {
  CHECK(ViolationsOf(Put(owner_, {{"api_key", ""}})).at(0).field == "api_key");
  CHECK(ViolationsOf(Put(owner_, {{"api_key", std::string(65537, 'x')}})).at(0).field == "api_key");
  CHECK(ViolationsOf(Put(owner_, {{"Api Key", "planted"}})).at(0).field == "secrets");
  const std::string largest(65536, 'x');
  Check(Put(owner_, {{"api_key", largest}}), "put");
  CHECK(Read(owner_, "api_key") == largest);
}

TEST_CASE_METHOD(Fixture, "a put that is rolled back leaves nothing") {
  const absl::Status status = Change(owner_, [&](Connection& connection) -> absl::Status {
    Check(store().Put(connection, owner_, Values({{"api_key", "planted-1"}})), "put");
    return absl::CancelledError("changed our mind");
  });
  CHECK(absl::IsCancelled(status));
  CHECK(Read(owner_, "api_key") == "error: CREDENTIAL_MISSING");
  Check(Put(owner_, {{"api_key", "planted-2"}}), "put");
  CHECK(Read(owner_, "api_key") == "planted-2");
}

TEST_CASE_METHOD(Fixture, "puts outside of the tenant's transaction are refused") {
  auto connection = database.Connect(Role::kServer);
  CHECK(absl::IsInternal(store().Put(*connection, owner_, Values({{"api_key", "planted"}}))));
}

TEST_CASE_METHOD(Fixture, "a value that was moved does not open") {
  const CredentialOwner neighbour = OwnerOf(tenant);
  const CredentialOwner grant = {.tenant = tenant, .kind = OwnerKind::kGrant, .id = owner_.id};
  const TenantId theirs = penstock::testing::CreateTenant(database, "other").tenant;
  const CredentialOwner stranger = OwnerOf(theirs);
  Check(Put(owner_, {{"api_key", "ours"}, {"password", "ours, too"}}), "put");
  Check(Put(neighbour, {{"api_key", "neighbour's"}}), "put");
  Check(Put(grant, {{"api_key", "grant's"}}), "put");
  Check(Put(stranger, {{"api_key", "stranger's"}}), "put");
  Check(Put(owner_, {{"api_key", "ours, newer"}}, KeepPrevious::kYes), "put");
  const std::string target =
      Where(owner_, "api_key") + " AND owner_kind = 'connector' AND is_current";
  const auto take_from = [&](const std::string& source) {
    Tamper(
        fmt::format("UPDATE connector.sealed_values SET sealed = (SELECT sealed FROM "
                    "connector.sealed_values WHERE {}) WHERE {}",
                    source, target));
    return Read(owner_, "api_key");
  };
  const std::string damaged = "error: CREDENTIAL_DAMAGED";
  REQUIRE(Read(owner_, "api_key") == "ours, newer");
  SECTION("from another row") { CHECK(take_from(Where(neighbour, "api_key")) == damaged); }
  SECTION("from another field") { CHECK(take_from(Where(owner_, "password")) == damaged); }
  SECTION("from another kind of owner") {
    CHECK(take_from(Where(grant, "api_key") + " AND owner_kind = 'grant'") == damaged);
  }
  SECTION("from an older version") {
    CHECK(take_from(Where(owner_, "api_key") +
                    " AND owner_kind = 'connector' AND NOT is_current") == damaged);
  }
  SECTION("from another tenant") {
    CHECK(take_from(Where(stranger, "api_key")) == damaged);
    // With a header that says it is ours.
    Tamper(
        fmt::format("UPDATE connector.sealed_values SET sealed = overlay(sealed PLACING "
                    "uuid_send('{}') FROM 5) WHERE {}",
                    tenant.ToString(), target));
    CHECK(Read(owner_, "api_key") == damaged);
  }
  SECTION("with the row of its tenant's key") {
    Tamper(
        fmt::format("UPDATE connector.tenant_keys SET wrapped_key = (SELECT wrapped_key FROM "
                    "connector.tenant_keys WHERE tenant_id = '{}') WHERE tenant_id = '{}'",
                    theirs.ToString(), tenant.ToString()));
    replica->keys.Forget(tenant);
    CHECK(Read(owner_, "api_key") == damaged);
  }
  CHECK(Audited("event = 'refused' AND result = 'CREDENTIAL_DAMAGED'") >= 1);
}

TEST_CASE_METHOD(Fixture, "no bit of a sealed value can be changed") {
  Check(Put(owner_, {{"api_key", "planted-1"}}), "put");
  const std::string where = Where(owner_, "api_key");
  const int64_t size = Count("SELECT octet_length(sealed)::bigint FROM connector.sealed_values");
  for (int64_t byte = 0; byte < size; ++byte) {
    const std::string flip = fmt::format(
        "UPDATE connector.sealed_values SET sealed = set_bit(sealed, {0}, 1 - "
        "get_bit(sealed, {0})) WHERE {1}",
        byte * 8 + byte % 8, where);
    Tamper(flip);
    CAPTURE(byte);
    CHECK(Open(owner_, {"api_key"}).status().code() == absl::StatusCode::kDataLoss);
    Tamper(flip);
  }
  CHECK(Read(owner_, "api_key") == "planted-1");
}

TEST_CASE_METHOD(Fixture, "the database refuses a value whose header names another key or tenant") {
  Check(Put(owner_, {{"api_key", "planted-1"}}), "put");
  const absl::Status status = database.ConnectAsSuperuser()->ExecuteScript(
      "UPDATE connector.sealed_values SET sealed = set_byte(sealed, 23, 9)");
  CHECK(postgres::ConstraintOf(status) == "sealed_values_header_agrees");
}

TEST_CASE_METHOD(Fixture,
                 "the record can't be written but through its function, or for another tenant") {
  auto server = database.Connect(Role::kServer);
  Check(server->Execute(postgres::kBegin), "begin");
  CHECK(absl::IsPermissionDenied(
      server->ExecuteScript("INSERT INTO connector.credential_audit_heads SELECT "
                            "gen_random_uuid(), 1, sha256('')")));
  Check(server->Execute(postgres::kRollback), "rollback");
  const absl::Status nobody =
      server
          ->Execute({"append",
                     "SELECT connector.append_credential_audit('{}', '{}', '{}', '{}', '{}', '{}', "
                     "'{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')"})
          .status();
  CHECK(absl::IsPermissionDenied(nobody));
}

}  // namespace
}  // namespace penstock::connector

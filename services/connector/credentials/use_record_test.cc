// The record of uses on a real database: written before the secret is given, for many at once, and
// checked from its first row to its last.
#include "services/connector/credentials/use_record.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "fmt/format.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "services/connector/credentials/credential_audit.h"
#include "services/connector/credentials/testing/credential_fixture.h"

namespace penstock::connector {
namespace {

using postgres::Connection;
using postgres::Role;
using testing::Check;
using testing::Replica;

class Fixture : protected testing::CredentialFixture {
 protected:
  explicit Fixture(
      penstock::testing::TestPostgres& postgres = penstock::testing::TestPostgres::Shared())
      : CredentialFixture(postgres) {
    Check(Put(owner_, {{"api_key", "planted-1"}}), "put");
  }

  static auth::CallContext CallerOf(TenantId tenant) {
    auth::CallContext caller;
    caller.tenant = tenant;
    caller.role = auth::Role::kAdmin;
    return caller;
  }
  audit_chain::Verdict Verdict(TenantId of) {
    return Check(VerifyCredentialAudit(*replica->pool, CallerOf(of), clock), "verify");
  }
  paging::Page<RecordedUse> List(const UseQuery& query) {
    return Check(ListCredentialUses(*replica->pool, CallerOf(tenant), query), "list");
  }
  void OpenTimes(int times) {
    for (int i = 0; i < times; ++i) Check(Open(owner_, {"api_key"}).status(), "open");
  }
  // As an intruder writes who owns the database.
  void Tamper(const std::string& sql) { Run("SET session_replication_role = replica; " + sql); }

  const CredentialOwner owner_ = OwnerOf(tenant);
};

TEST_CASE_METHOD(Fixture, "nothing is opened when its row can't be written") {
  Run("REVOKE EXECUTE ON FUNCTION connector.append_credential_audit FROM penstock_server");
  CHECK(absl::IsPermissionDenied(Open(owner_, {"api_key"}).status()));
  Run("GRANT EXECUTE ON FUNCTION connector.append_credential_audit TO penstock_server");
  CHECK(Read(owner_, "api_key") == "planted-1");
  Run("CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE disk_full; END'; "
      "CREATE TRIGGER no BEFORE INSERT ON connector.credential_audit FOR EACH ROW EXECUTE FUNCTION "
      "no()");
  CHECK(absl::IsResourceExhausted(Open(owner_, {"api_key"}).status()));
  CHECK(Count("SELECT count(*) FROM connector.credential_audit") == 1);
}

TEST_CASE_METHOD(Fixture, "nothing is opened when its row is refused at COMMIT") {
  Run("CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE disk_full; END'; "
      "CREATE CONSTRAINT TRIGGER no AFTER INSERT ON connector.credential_audit DEFERRABLE "
      "INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION no()");
  CHECK_FALSE(Open(owner_, {"api_key"}).ok());
  CHECK(Count("SELECT count(*) FROM connector.credential_audit") == 0);
}

TEST_CASE_METHOD(Fixture, "nothing is opened when its row is not written in time") {
  auto blocker = database.ConnectAsSuperuser();
  OpenTimes(1);
  Check(blocker->ExecuteScript("BEGIN; SELECT FROM connector.credential_audit_heads FOR UPDATE"),
        "hold the chain");
  const absl::Status late =
      store().Open(UseOf(owner_, {"api_key"}), absl::Now() + absl::Milliseconds(200)).status();
  CHECK(absl::IsDeadlineExceeded(late));
  Check(blocker->ExecuteScript("ROLLBACK"), "let go");
  CHECK(Read(owner_, "api_key") == "planted-1");
}

// A server of its own, which a test kills.
class OwnServer : protected Fixture {
 protected:
  OwnServer() : Fixture(Own()) {}
  static penstock::testing::TestPostgres& Own() {
    // Durable, so that what was committed before is there after the crash.
    static penstock::testing::TestPostgres own(penstock::testing::TestPostgres::Durability::kFsync);
    return own;
  }
};

TEST_CASE_METHOD(OwnServer, "nothing is opened when it is in doubt whether its row is there") {
  Run("CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS "
      "'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END'; "
      "CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON connector.credential_audit DEFERRABLE "
      "INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait()");
  auto holder = database.ConnectAsSuperuser();
  Check(holder->ExecuteScript("SELECT pg_advisory_lock(1)"), "hold the lock");
  absl::Status status;
  std::thread opener([&] { status = Open(owner_, {"api_key"}).status(); });
  constexpr postgres::Statement kWaiting{"waiting",
                                         "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"};
  while (!Check(holder->Execute(kWaiting), "look").Get<bool>(0, 0)) {
  }
  Own().Kill();
  opener.join();
  CHECK(status.code() == absl::StatusCode::kUnknown);
  CHECK(ReasonOf(status) == postgres::kCommitInDoubt);
  Own().Start();
  Run("DROP TRIGGER wait ON connector.credential_audit");
  CHECK(Read(owner_, "api_key") == "planted-1");
}

TEST_CASE_METHOD(Fixture, "outcomes wait for a database that is away, in their order") {
  const Opened opened = Check(Open(owner_, {"api_key"}), "open");
  Run("CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS "
      "'BEGIN RAISE SQLSTATE ''57P03''; END'; CREATE TRIGGER no BEFORE INSERT ON "
      "connector.credential_audit FOR EACH ROW EXECUTE FUNCTION no()");
  for (int status = 200; status < 300; ++status) {
    store().RecordOutcome(opened.use, UseOutcome::kSucceeded, status);
  }
  while (replica->recorder.stats().failures == 0) {
  }
  CHECK(Count("SELECT count(*) FROM connector.credential_audit WHERE event = 'outcome'") == 0);
  Run("DROP TRIGGER no ON connector.credential_audit");
  REQUIRE(replica->recorder.Flush(absl::Now() + absl::Seconds(60)));
  CHECK(Count("SELECT count(*) FROM connector.credential_audit WHERE event = 'outcome' AND "
              "http_status = sequence - 2 + 200") == 100);
  CHECK(replica->recorder.stats().dropped == 0);
}

TEST_CASE_METHOD(Fixture, "rows of many callers, tenants and replicas make whole chains") {
  const TenantId other = penstock::testing::CreateTenant(database, "other").tenant;
  const CredentialOwner theirs = OwnerOf(other);
  Check(Put(theirs, {{"api_key", "planted-2"}}), "put");
  Replica second(database, "a", clock);
  std::atomic<int> opened = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      CredentialStore& by = t % 2 == 0 ? store() : second.store;
      for (int i = 0; i < 50; ++i) {
        const absl::StatusOr<Opened> one =
            by.Open(UseOf((t + i) % 3 == 0 ? theirs : owner_, {"api_key"}),
                    absl::Now() + absl::Seconds(60));
        if (!one.ok()) continue;
        ++opened;
        by.RecordOutcome(one->use, UseOutcome::kSucceeded, 200);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  REQUIRE(replica->recorder.Flush(absl::Now() + absl::Seconds(60)));
  REQUIRE(second.recorder.Flush(absl::Now() + absl::Seconds(60)));
  CHECK(opened == 400);
  CHECK(Verdict(tenant).problem.empty());
  CHECK(Verdict(other).problem.empty());
  CHECK(Verdict(tenant).checked + Verdict(other).checked == 800);
  // Committed together: fewer transactions than rows.
  CHECK(replica->recorder.stats().batches + second.recorder.stats().batches < 800);
}

TEST_CASE_METHOD(Fixture, "one row that the database refuses keeps no other out") {
  auto blocker = database.ConnectAsSuperuser();
  OpenTimes(1);
  Check(blocker->ExecuteScript("BEGIN; SELECT FROM connector.credential_audit_heads FOR UPDATE"),
        "hold the chain");
  // The first holds the recorder up, so that the others come together.
  absl::Status good, bad;
  std::thread first([&] { OpenTimes(1); });
  constexpr postgres::Statement kWaiting{"waiting",
                                         "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"};
  while (!Check(blocker->Execute(kWaiting), "look").Get<bool>(0, 0)) {
  }
  std::thread second([&] { good = Open(owner_, {"api_key"}).status(); });
  std::thread third([&] {
    UseRow row{.event = "opened", .use_id = Uuid::MakeV7(absl::Now()), .owner = owner_};
    row.purpose = "Not A Purpose";
    bad = replica->recorder.Append(row, absl::Now() + absl::Seconds(30));
  });
  while (replica->recorder.stats().waiting < 2) {
  }
  Check(blocker->ExecuteScript("ROLLBACK"), "let go");
  first.join();
  second.join();
  third.join();
  CHECK(good == absl::OkStatus());
  CHECK(absl::IsInvalidArgument(bad));
  CHECK(Verdict(tenant).checked == 3);
  CHECK(Verdict(tenant).problem.empty());
}

TEST_CASE_METHOD(Fixture, "a row that was changed, removed or moved shows") {
  OpenTimes(6);
  REQUIRE(Verdict(tenant).problem.empty());
  REQUIRE(Verdict(tenant).checked == 6);
  SECTION("changed") {
    Tamper("UPDATE connector.credential_audit SET target_host = 'evil.example' WHERE sequence = 4");
    CHECK(Verdict(tenant).broken_sequence == 4);
  }
  SECTION("a changed field name") {
    Tamper("UPDATE connector.credential_audit SET fields = '{password}' WHERE sequence = 4");
    CHECK(Verdict(tenant).broken_sequence == 4);
  }
  SECTION("removed") {
    Tamper("DELETE FROM connector.credential_audit WHERE sequence = 3");
    CHECK(Verdict(tenant).broken_sequence == 4);
  }
  SECTION("removed at the end") {
    Tamper("DELETE FROM connector.credential_audit WHERE sequence = 6");
    CHECK(Verdict(tenant).broken_sequence == 6);
  }
  SECTION("in another order") {
    Tamper(
        "UPDATE connector.credential_audit SET sequence = 100 WHERE sequence = 2; "
        "UPDATE connector.credential_audit SET sequence = 2 WHERE sequence = 3; "
        "UPDATE connector.credential_audit SET sequence = 3 WHERE sequence = 100");
    CHECK(Verdict(tenant).broken_sequence == 2);
  }
  SECTION("nobody may, but who switches the triggers off") {
    for (const char* sql :
         {"UPDATE connector.credential_audit SET result = 'x'",
          "DELETE FROM connector.credential_audit", "TRUNCATE connector.credential_audit"}) {
      CHECK(absl::IsPermissionDenied(database.ConnectAsSuperuser()->ExecuteScript(sql)));
    }
  }
}

TEST_CASE_METHOD(Fixture, "uses are listed newest first, with what became of them") {
  const Opened rejected = Check(Open(owner_, {"api_key"}), "open");
  store().RecordOutcome(rejected.use, UseOutcome::kRejected, 401);
  REQUIRE(replica->recorder.Flush(absl::Now() + absl::Seconds(60)));
  OpenTimes(1);
  CHECK_FALSE(Open(owner_, {"password"}).ok());
  const paging::Page<RecordedUse> page = List({});
  CHECK(page.total_size == 3);
  REQUIRE(page.items.size() == 3);
  CHECK(page.items[0].record.event == "refused");
  CHECK(page.items[0].record.result == "CREDENTIAL_MISSING");
  CHECK(page.items[1].record.event == "opened");
  CHECK(page.items[1].outcome == std::nullopt);
  CHECK(page.items[2].record.use_id == rejected.use.id);
  CHECK(page.items[2].outcome == "rejected");
  CHECK(page.items[2].http_status == 401);
  CHECK(page.items[2].ended_at >= page.items[2].record.occurred_at);
}

TEST_CASE_METHOD(Fixture, "uses are filtered and come in pages") {
  const CredentialOwner grant = OwnerOf(tenant, OwnerKind::kGrant);
  Check(Put(grant, {{"refresh_token", "planted"}}), "put");
  Use refresh = UseOf(grant, {"refresh_token"});
  refresh.purpose = Purpose::kRefresh;
  refresh.execution_id = "execution-2";
  Check(store().Open(refresh, absl::Now() + absl::Seconds(30)).status(), "open");
  const absl::Time between = absl::Now();
  OpenTimes(4);
  CHECK(List({.filter = {.owner = grant.id}}).total_size == 1);
  CHECK(List({.filter = {.purpose = "refresh"}}).total_size == 1);
  CHECK(List({.filter = {.purpose = "fetch"}}).total_size == 4);
  CHECK(List({.filter = {.execution_id = "execution-1"}}).items.size() == 4);
  CHECK(List({.filter = {.end_time = between}}).items.size() == 1);
  CHECK(List({.filter = {.start_time = between}}).items.size() == 4);
  UseQuery query{.page_size = 2};
  std::vector<int64_t> sequences;
  do {
    const paging::Page<RecordedUse> page = List(query);
    for (const RecordedUse& use : page.items) sequences.push_back(use.record.sequence);
    query.page_token = page.next_page_token;
  } while (!query.page_token.empty());
  CHECK(sequences == std::vector<int64_t>{5, 4, 3, 2, 1});
}

TEST_CASE_METHOD(Fixture, "the record of a tenant is nobody else's, and not for a project's key") {
  OpenTimes(1);
  const TenantId other = penstock::testing::CreateTenant(database, "other").tenant;
  CHECK(Check(ListCredentialUses(*replica->pool, CallerOf(other), {}), "list").total_size == 0);
  auth::CallContext of_project = CallerOf(tenant);
  of_project.project = ProjectId::Make(absl::Now());
  CHECK(absl::IsPermissionDenied(ListCredentialUses(*replica->pool, of_project, {}).status()));
}

}  // namespace
}  // namespace penstock::connector

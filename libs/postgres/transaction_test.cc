#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "libs/postgres/pool.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "libs/testing/check.h"
#include "libs/testing/postgres.h"

namespace penstock::postgres {
namespace {

using testing::Check;
using testing::TestDatabase;
using testing::TestPostgres;

constexpr Statement kInsert{"insert", "INSERT INTO numbers VALUES ($1)"};
constexpr Statement kSum{"sum", "SELECT coalesce(sum(n), 0)::bigint FROM numbers"};

class Fixture {
 protected:
  explicit Fixture(TestPostgres& postgres = TestPostgres::Shared())
      : database_(postgres, /*migrated=*/false) {
    Check(database_.ConnectAsSuperuser()->ExecuteScript("CREATE TABLE numbers (n int)"), "create");
    pool_ = Check(Pool::Create({.conninfo = database_.SuperuserConninfo()}), "make a pool");
  }
  int64_t Sum() {
    return Check(database_.ConnectAsSuperuser()->Execute(kSum), "sum").Get<int64_t>(0, 0);
  }
  TestDatabase database_;
  std::unique_ptr<Pool> pool_;
};

TEST_CASE_METHOD(Fixture, "a body that returns OK is committed, any other is rolled back") {
  CHECK(RunInTransaction(*pool_, {}, [](Connection& connection) {
          return connection.Execute(kInsert, Params().Add(1)).status();
        }).ok());
  CHECK(Sum() == 1);
  absl::Status refused = RunInTransaction(*pool_, {}, [](Connection& connection) {
    RETURN_IF_ERROR(connection.Execute(kInsert, Params().Add(2)).status());
    return absl::NotFoundError("changed my mind");
  });
  CHECK(refused == absl::NotFoundError("changed my mind"));
  CHECK(Sum() == 1);
  CHECK(pool_->usage().idle == 1);
}

TEST_CASE_METHOD(Fixture, "a body that hides a failed statement does not commit") {
  absl::Status status = RunInTransaction(*pool_, {}, [](Connection& connection) {
    (void)connection.Execute(kInsert, Params().Add(1));
    (void)connection.Execute({"divide", "SELECT 1 / 0"});
    return absl::OkStatus();
  });
  CHECK(ReasonOf(status) == "TRANSACTION_FAILED");
  CHECK(Sum() == 0);
}

TEST_CASE_METHOD(Fixture, "the scope holds for the transaction and not beyond") {
  constexpr Statement kScope{"scope",
                             "SELECT current_setting('app.tenant_id', true), "
                             "current_setting('app.user_id', true), current_setting('app.role', true)"};
  Scope scope{TenantId::Make(absl::Now()), UserId::Make(absl::Now()), "developer"};
  auto read = [&](Connection& connection) -> absl::StatusOr<std::vector<std::string>> {
    ASSIGN_OR_RETURN(Result row, connection.Execute(kScope));
    return std::vector<std::string>{row.Get<std::optional<std::string>>(0, 0).value_or(""),
                                    row.Get<std::optional<std::string>>(0, 1).value_or(""),
                                    row.Get<std::optional<std::string>>(0, 2).value_or("")};
  };
  CHECK(Check(RunInTransactionReturning<std::vector<std::string>>(*pool_, scope, read), "inside") ==
        std::vector<std::string>{scope.tenant.ToString(), scope.user.ToString(), "developer"});
  CHECK(Check(read(*Check(pool_->Acquire(), "acquire")), "after") == std::vector<std::string>{"", "", ""});
  CHECK(Check(RunInTransactionReturning<std::vector<std::string>>(*pool_, {}, read), "nobody") ==
        std::vector<std::string>{"", "", ""});
}

TEST_CASE_METHOD(Fixture, "a serialization failure runs the body again, and both changes stand") {
  // Both read the sum before either writes; one of them has to see the other's row in the end.
  absl::Notification first_read;
  absl::Notification second_done;
  std::atomic<int> runs = 0;
  absl::Status first;
  pool_ = Check(Pool::Create({.conninfo = database_.SuperuserConninfo() +
                                          " options='-c default_transaction_isolation=serializable'"}),
                "make a pool");
  auto add = [&](Connection& connection, int round) -> absl::Status {
    ASSIGN_OR_RETURN(Result sum, connection.Execute(kSum));
    if (round == 1) {
      first_read.Notify();
      second_done.WaitForNotification();
    }
    return connection
        .Execute(kInsert, Params().Add(static_cast<int32_t>(sum.Get<int64_t>(0, 0)) + 1))
        .status();
  };
  std::thread thread([&] {
    first = RunInTransaction(*pool_, {}, [&](Connection& c) { return add(c, ++runs); });
  });
  first_read.WaitForNotification();
  absl::Status second = RunInTransaction(*pool_, {}, [&](Connection& c) { return add(c, 0); });
  second_done.Notify();
  thread.join();
  CHECK(first.ok());
  CHECK(second.ok());
  CHECK(runs == 2);
  CHECK(Sum() == 3);  // 1 and then 2, as one after the other
}

TEST_CASE_METHOD(Fixture, "an endless conflict is given up after five attempts") {
  int runs = 0;
  absl::Status status = RunInTransaction(*pool_, {}, [&](Connection& connection) {
    ++runs;
    return connection.ExecuteScript("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$");
  });
  CHECK(absl::IsAborted(status));
  CHECK(runs == 5);
}

TEST_CASE_METHOD(Fixture, "lost ownership is ABORTED and yet not run again") {
  int runs = 0;
  absl::Status status = RunInTransaction(*pool_, {}, [&](Connection& connection) {
    ++runs;
    return connection.ExecuteScript("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'PS001'; END $$");
  });
  CHECK(ReasonOf(status) == kOwnershipLost);
  CHECK(runs == 1);
}

TEST_CASE("a COMMIT in doubt is reported and not repeated") {
  TestPostgres postgres;
  TestDatabase database(postgres, /*migrated=*/false);
  auto holder = database.ConnectAsSuperuser();
  Check(holder->ExecuteScript(R"sql(
    CREATE TABLE numbers (n int);
    CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON numbers DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION wait();
    SELECT pg_advisory_lock(1);)sql"),
        "create a table whose COMMIT waits");
  auto pool = Check(Pool::Create({.conninfo = database.SuperuserConninfo()}), "make a pool");
  std::atomic<int> runs = 0;
  absl::Status status;
  std::thread caller([&] {
    status = RunInTransaction(*pool, {}, [&](Connection& connection) {
      ++runs;
      return connection.Execute(kInsert, Params().Add(1)).status();
    });
  });
  constexpr Statement kWaiting{"waiting", "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"};
  while (!Check(holder->Execute(kWaiting), "look").Get<bool>(0, 0)) {
  }
  postgres.Kill();
  caller.join();
  CHECK(status.code() == absl::StatusCode::kUnknown);
  CHECK(ReasonOf(status) == kCommitInDoubt);
  CHECK(runs == 1);
}

TEST_CASE("a connection that died while idle costs the caller nothing") {
  TestPostgres postgres;
  auto pool = Check(Pool::Create({.conninfo = postgres.SuperuserConninfo()}), "make a pool");
  auto one = [](Connection& connection) { return connection.Execute({"one", "SELECT 1"}).status(); };
  CHECK(RunInTransaction(*pool, {}, one).ok());
  postgres.Kill();
  postgres.Start();
  CHECK(RunInTransaction(*pool, {}, one).ok());
}

}  // namespace
}  // namespace penstock::postgres

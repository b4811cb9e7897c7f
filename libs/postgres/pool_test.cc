#include "libs/postgres/pool.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "absl/time/clock.h"
#include "libs/postgres/conninfo.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "libs/testing/postgres.h"

namespace penstock::postgres {
namespace {

using testing::Check;
using testing::TestPostgres;

constexpr Statement kPid{"pid", "SELECT pg_backend_pid()"};
constexpr absl::Duration kPatience = absl::Seconds(30);

std::unique_ptr<Pool> MakePool(const TestPostgres& postgres, PoolOptions options = {}) {
  options.conninfo = postgres.SuperuserConninfo();
  return Check(Pool::Create(std::move(options)), "make a pool");
}

int32_t PidOf(Connection& connection) {
  return Check(connection.Execute(kPid), "pid").Get<int32_t>(0, 0);
}

int32_t AcquirePid(Pool& pool) {
  return PidOf(*Check(pool.Acquire(absl::Now() + kPatience), "acquire"));
}

TEST_CASE("a pool that makes no sense is refused") {
  CHECK_FALSE(Pool::Create({.conninfo = "", .max_connections = 0}).ok());
  CHECK_FALSE(Pool::Create({.conninfo = "", .min_connections = 3, .max_connections = 2}).ok());
}

TEST_CASE("a pool does not connect before it is asked to") {
  auto pool = Check(Pool::Create({.conninfo = "host=/nowhere"}), "make a pool");
  CHECK(absl::IsUnavailable(pool->Acquire(absl::Now() + absl::Milliseconds(50)).status()));
}

TEST_CASE("a connection is used again") {
  auto pool = MakePool(TestPostgres::Shared());
  CHECK(AcquirePid(*pool) == AcquirePid(*pool));
  CHECK(pool->usage().idle == 1);
}

TEST_CASE("past its bound the pool says so at the deadline, and when to come back") {
  auto pool = MakePool(TestPostgres::Shared(), {.conninfo = "", .max_connections = 2});
  auto first = Check(pool->Acquire(), "first");
  auto second = Check(pool->Acquire(), "second");
  absl::Status status = pool->Acquire(absl::Now() + absl::Milliseconds(20)).status();
  CHECK(absl::IsResourceExhausted(status));
  CHECK(RetryAfterOf(status) > absl::ZeroDuration());
  second.reset();
  CHECK(pool->Acquire(absl::Now() + kPatience).ok());
}

TEST_CASE("callers that wait are served in the order they came") {
  auto pool = MakePool(TestPostgres::Shared(), {.conninfo = "", .max_connections = 1});
  auto held = Check(pool->Acquire(), "hold");
  std::atomic<int> served = 0;
  std::vector<int> places(4);
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&, i] {
      auto connection = Check(pool->Acquire(absl::Now() + kPatience), "wait");
      places[i] = served++;
    });
    while (pool->usage().waiting <= i) std::this_thread::yield();
  }
  held.reset();
  for (std::thread& caller : callers) caller.join();
  CHECK(places == std::vector<int>{0, 1, 2, 3});
}

TEST_CASE("never are more connections open than the bound") {
  constexpr Statement kMine{"mine", "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bounded'"};
  TestPostgres& postgres = TestPostgres::Shared();
  auto pool = Check(Pool::Create({.conninfo = postgres.SuperuserConninfo() + " application_name=bounded",
                                  .max_connections = 3}),
                    "make a pool");
  std::atomic<int64_t> most = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 12; ++i) {
    callers.emplace_back([&] {
      for (int round = 0; round < 5; ++round) {
        auto connection = Check(pool->Acquire(absl::Now() + kPatience), "acquire");
        int64_t open = Check(connection->Execute(kMine), "count").Get<int64_t>(0, 0);
        if (open > most) most = open;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  CHECK(most <= 3);
}

TEST_CASE("a connection returned inside a transaction is closed, not handed on") {
  auto pool = MakePool(TestPostgres::Shared());
  int32_t pid;
  {
    auto connection = Check(pool->Acquire(), "acquire");
    pid = PidOf(*connection);
    Check(connection->Execute(kBegin), "begin");
  }
  CHECK(pool->usage().idle == 0);
  CHECK(AcquirePid(*pool) != pid);
}

TEST_CASE("connections beyond the minimum are closed when they were idle for long") {
  auto pool = MakePool(TestPostgres::Shared(), {.conninfo = "",
                                                .min_connections = 1,
                                                .max_connections = 3,
                                                .idle_timeout = absl::ZeroDuration()});
  {
    auto first = Check(pool->Acquire(), "first");
    auto second = Check(pool->Acquire(), "second");
  }
  AcquirePid(*pool);
  CHECK(pool->usage().idle == 1);
}

TEST_CASE("after a restart of the server the pool connects again by itself") {
  TestPostgres postgres;
  auto pool = MakePool(postgres);
  int32_t before = AcquirePid(*pool);
  postgres.Stop();
  CHECK(absl::IsUnavailable(pool->Acquire(absl::Now() + absl::Milliseconds(100)).status()));
  CHECK(absl::IsUnavailable(pool->CheckWritable()));
  postgres.Start();
  CHECK(AcquirePid(*pool) != before);
  CHECK(pool->CheckWritable().ok());
}

TEST_CASE("a caller that waits while the server is killed and restarted is served") {
  TestPostgres postgres;
  auto pool = MakePool(postgres);
  auto held = Check(pool->Acquire(), "acquire");
  postgres.Kill();
  CHECK(absl::IsUnavailable(held->Execute(kPid).status()));
  held.reset();
  absl::Status status = absl::UnknownError("not run");
  std::thread caller([&] { status = pool->Acquire(absl::Now() + kPatience).status(); });
  while (pool->usage().busy == 0) std::this_thread::yield();
  postgres.Start();
  caller.join();
  CHECK(status.ok());
}

TEST_CASE("of several hosts the one that writes is taken, whatever its place") {
  TestPostgres& postgres = TestPostgres::Shared();
  const std::string host = Check(ParseConninfo(postgres.SuperuserConninfo()), "parse")["host"];
  for (const std::string& hosts : {"/nowhere," + host, host + ",/nowhere"}) {
    auto pool = Check(Pool::Create({.conninfo = "host=" + hosts + " port=5432 user=postgres dbname=postgres"}), "make a pool");
    CHECK(pool->CheckWritable().ok());
  }
  // Of several, one that only reads is none.
  auto pool = Check(Pool::Create({.conninfo = "host=/nowhere," + host + " user=postgres dbname=postgres options='-c default_transaction_read_only=on'"}),
                    "make a pool");
  absl::Status status = pool->Acquire(absl::Now() + absl::Milliseconds(100)).status();
  CHECK(absl::IsUnavailable(status));
  CHECK(status.message().find("/nowhere") != std::string::npos);
  CHECK(status.message().find("read-only") != std::string::npos);
}

TEST_CASE("a wrong database is told at once and not at the deadline") {
  auto pool = Check(Pool::Create({.conninfo = TestPostgres::Shared().SuperuserConninfo("nothing")}), "make");
  absl::Time begin = absl::Now();
  CHECK(absl::IsFailedPrecondition(pool->Acquire(begin + absl::Hours(1)).status()));
}

TEST_CASE("a server that refuses to write is not writable") {
  auto pool = Check(Pool::Create({.conninfo = TestPostgres::Shared().SuperuserConninfo() +
                                              " options='-c default_transaction_read_only=on'"}),
                    "make");
  absl::Status status = pool->CheckWritable();
  CHECK(absl::IsUnavailable(status));
  CHECK(ReasonOf(status) == "READ_ONLY");
  CHECK(MakePool(TestPostgres::Shared())->CheckWritable().ok());
}

}  // namespace
}  // namespace penstock::postgres

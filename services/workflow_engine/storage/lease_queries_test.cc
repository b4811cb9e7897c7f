// Who counts as alive, and whose shards may be taken: the rules that membership and ownership stand on.
#include <catch2/catch.hpp>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"
#include "libs/testing/check.h"
#include "libs/testing/postgres.h"
#include "services/workflow_engine/storage/lease_queries.h"

namespace penstock::workflow_engine {
namespace {

using postgres::Connection;
using postgres::Params;
using testing::Check;

constexpr double kDueInTime = 60, kOverdue = -1, kUnexpired = 60, kExpired = -1;  // seconds from now

// An engine as the database sees it: a member row, and a session that may hold its lock.
struct Engine {
  Uuid boot_id = Uuid::MakeV7(absl::Now());
  std::unique_ptr<Connection> session;
};

class Leases {
 protected:
  Leases() : connection_(database_.Connect(postgres::Role::kEngine)) {}

  Engine Announce() {
    Engine engine{.session = database_.Connect(postgres::Role::kEngine)};
    Check(engine.session->Execute(queries::kAnnouncePresence, std::move(Params().Add(engine.boot_id))), "announce");
    return engine;
  }
  void Beat(const Engine& engine, double due_in, double expires_in) {
    Check(connection_->Execute(queries::kHeartbeat,
                               std::move(Params().Add(engine.boot_id).Add("127.0.0.1:1").Add(due_in).Add(expires_in))),
          "heartbeat");
  }
  int Take(const Engine& engine, int first, int count) {
    postgres::Array<int32_t> shards;
    for (int s = first; s < first + count; ++s) shards.Append(s);
    return Check(connection_->Execute(queries::kTakeShards, std::move(Params().Add(engine.boot_id).Add(shards))), "take").rows();
  }
  std::set<std::string> Alive() {
    postgres::Result members = Check(connection_->Execute(queries::kListMembers), "list members");
    std::set<std::string> ids;
    for (int r = 0; r < members.rows(); ++r) ids.insert(members.Get<Uuid>(r, 0).ToString());
    return ids;
  }

  testing::TestDatabase database_;
  std::unique_ptr<Connection> connection_;
};

// A session ends on the server a moment after its client has gone.
template <typename Condition>
bool Eventually(Condition condition) {
  for (absl::Time deadline = absl::Now() + absl::Seconds(10); absl::Now() < deadline; absl::SleepFor(absl::Milliseconds(5))) {
    if (condition()) return true;
  }
  return false;
}

TEST_CASE_METHOD(Leases, "a late engine lives while its session does, and is dead once it has gone") {
  Engine engine = Announce();
  Beat(engine, kOverdue, kUnexpired);
  CHECK(Alive().contains(engine.boot_id.ToString()));
  engine.session.reset();
  CHECK(Eventually([&] { return Alive().empty(); }));
}

TEST_CASE_METHOD(Leases, "an engine in time lives without its session: a pooler or a restarted database ends sessions, too") {
  Engine engine = Announce();
  Beat(engine, kDueInTime, kUnexpired);
  engine.session.reset();
  // Its lock is free for sure once another session can have it.
  REQUIRE(Eventually([&] {
    auto probe = connection_->ExecuteScript("SELECT 1 / pg_try_advisory_xact_lock(hashtextextended('" + engine.boot_id.ToString() + "', 7304))::int");
    return probe.ok();
  }));
  CHECK(Alive().contains(engine.boot_id.ToString()));
}

TEST_CASE_METHOD(Leases, "an engine that hangs with its session open is given until it expires") {
  Engine engine = Announce();
  Beat(engine, kOverdue, kExpired);
  CHECK(Alive().empty());
}

TEST_CASE_METHOD(Leases, "shards of the living cannot be taken, those of the dead can, each once") {
  Engine first = Announce(), second = Announce();
  Beat(first, kOverdue, kUnexpired);
  Beat(second, kDueInTime, kUnexpired);
  CHECK(Take(first, 0, 256) == 256);
  CHECK(Take(second, 0, 256) == 0);
  first.session.reset();
  CHECK(Eventually([&] { return Take(second, 0, 100) == 100; }));
  CHECK(Take(second, 100, 156) == 156);
  CHECK(Take(first, 0, 256) == 0);
}

TEST_CASE_METHOD(Leases, "a take-over waits for the commits that a dead engine has under way") {
  Engine dead = Announce(), taker = Announce();
  Beat(dead, kOverdue, kUnexpired);
  REQUIRE(Take(dead, 0, 1) == 1);
  auto committing = database_.Connect(postgres::Role::kEngine);
  REQUIRE(committing->ExecuteScript("BEGIN; SELECT workflow.lock_owner('" + dead.boot_id.ToString() + "')").ok());
  dead.session.reset();
  REQUIRE(Eventually([&] { return Alive().empty(); }));
  REQUIRE(connection_->ExecuteScript("SET lock_timeout = '200ms'").ok());
  postgres::Array<int32_t> shard;
  shard.Append(0);
  auto take = [&] { return connection_->Execute(queries::kTakeShards, std::move(Params().Add(taker.boot_id).Add(shard))).status(); };
  CHECK_FALSE(take().ok());
  REQUIRE(committing->ExecuteScript("COMMIT").ok());
  CHECK(take().ToString() == "OK");
}

}  // namespace
}  // namespace penstock::workflow_engine

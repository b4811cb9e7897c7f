#include "services/connector/outbound/shared_rate_gate.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "libs/testing/postgres.h"
#include "libs/testing/prepare_all.h"
#include "libs/testing/simulated_clock.h"
#include "libs/testing/tenants.h"
#include "services/connector/outbound/queries.h"

namespace penstock::connector {
namespace {

using testing::Check;

const RealClock kClock;

struct Fixture {
  Fixture() : key{testing::CreateTenant(database).tenant, MakeConnector("one")} {}

  Uuid MakeConnector(const std::string& name) {
    const Uuid id = Uuid::MakeV7(kClock.Now());
    Check(
        database.Connect(postgres::Role::kAdmin)
            ->Execute(
                {"insert_connector",
                 "INSERT INTO connector.integration_connectors (tenant_id, connector_id, "
                 "connector_name, display_name, "
                 "service_name, connector_type, auth_type, base_url) "
                 "SELECT tenant_id, $1, $2, $2, 'slack', 'api', 'bearer', 'https://slack.com/api' "
                 "FROM tenancy.tenants WHERE slug = 'acme'"},
                postgres::Params().Add(id).Add(name)),
        "insert a connector");
    return id;
  }

  std::unique_ptr<postgres::Pool> MakePool() {
    return Check(postgres::Pool::Create({.conninfo = database.Conninfo(postgres::Role::kServer)}),
                 "make a pool");
  }
  static absl::Duration Take(RateGate& gate, const ConnectorKey& key,
                             const std::optional<RateLimit>& limit,
                             absl::Duration patience = absl::Hours(1)) {
    return Check(gate.Take(key, limit, patience), "take");
  }

  absl::Time GivenUntil() {
    const auto row = Check(
        superuser->Execute({"given", "SELECT given_until FROM connector.rate_limits"}), "read");
    return row.Get<absl::Time>(0, 0);
  }

  testing::TestDatabase database;
  std::unique_ptr<postgres::Connection> superuser = database.ConnectAsSuperuser();
  ConnectorKey key;
  std::unique_ptr<postgres::Pool> pool1 = MakePool(), pool2 = MakePool();
  SharedRateGate one{*pool1, kClock}, two{*pool2, kClock};
};

TEST_CASE_METHOD(Fixture, "every query fits the schema") {
  CHECK(testing::PrepareAll(*database.Connect(postgres::Role::kServer), outbound::kAllQueries) ==
        absl::OkStatus());
}

TEST_CASE_METHOD(Fixture,
                 "two replicas in turn get the burst at once and then one place after the other") {
  const RateLimit limit{.calls_per_second = 4, .burst = 3};
  const absl::Time start = kClock.Now();
  std::vector<absl::Time> places;
  for (int i = 0; i < 12; ++i) {
    const absl::Duration wait = Take(i % 2 == 0 ? one : two, key, limit);
    places.push_back(kClock.Now() + wait);
    if (i < 3) CHECK(wait == absl::ZeroDuration());
  }
  // In the order of asking, whichever replica asked.
  CHECK(std::ranges::is_sorted(places));
  for (int i = 0; i < 12; ++i) {
    INFO(i);
    CHECK(i + 1 <=
          limit.calls_per_second * absl::ToDoubleSeconds(places[i] - start) + limit.burst + 1e-3);
  }
}

TEST_CASE_METHOD(Fixture,
                 "many threads of two replicas never make more calls than rate * time + burst") {
  const RateLimit limit{.calls_per_second = 400, .burst = 40};
  const absl::Time start = kClock.Now();
  std::atomic<int> calls = 0, refused = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      SharedRateGate& gate = i % 2 == 0 ? one : two;
      while (calls < 200) gate.Take(key, limit, absl::ZeroDuration()).ok() ? ++calls : ++refused;
    });
  }
  for (std::thread& thread : threads) thread.join();
  const double elapsed = absl::ToDoubleSeconds(kClock.Now() - start);
  CHECK(calls <= limit.calls_per_second * elapsed + limit.burst);
  CHECK(refused > 0);
}

TEST_CASE_METHOD(Fixture, "a busy replica does not ask the database for every call") {
  testing::SimulatedClock still;
  SharedRateGate gate(*pool1, still);
  const RateLimit limit{.calls_per_second = 10'000, .burst = 10'000};
  std::set<absl::Time> states;
  for (int i = 0; i < 200; ++i) {
    CHECK(Take(gate, key, limit) == absl::ZeroDuration());
    states.insert(GivenUntil());
  }
  // 2, 4, 8, ... calls at once.
  CHECK(states.size() == 7);
}

TEST_CASE_METHOD(Fixture, "what a replica took and did not use in time is lost") {
  testing::SimulatedClock clock;
  SharedRateGate gate(*pool1, clock);
  const RateLimit limit{.calls_per_second = 20, .burst = 100};
  Take(gate, key, limit);
  const absl::Time two_given = GivenUntil();
  SECTION("in time") {
    clock.Advance(absl::Milliseconds(99));
    Take(gate, key, limit);
    CHECK(GivenUntil() == two_given);
  }
  SECTION("too late") {
    clock.Advance(absl::Milliseconds(100));
    Take(gate, key, limit);
    CHECK(GivenUntil() > two_given);
  }
}

TEST_CASE_METHOD(Fixture, "a wait longer than one has patience for takes no place") {
  const RateLimit limit{.calls_per_second = 1, .burst = 1};
  CHECK(Take(one, key, limit) == absl::ZeroDuration());
  for (int i = 0; i < 3; ++i) {
    const absl::Status refused = two.Take(key, limit, absl::Milliseconds(10)).status();
    CHECK(absl::IsUnavailable(refused));
    CHECK(ReasonOf(refused) == "RATE_LIMITED");
    CHECK(RetryAfterOf(refused) > absl::ZeroDuration());
    CHECK(RetryAfterOf(refused) <= absl::Seconds(1));
  }
  CHECK(Take(two, key, limit) <= absl::Seconds(1));
}

TEST_CASE_METHOD(Fixture,
                 "what a third party told one replica holds for all, with a limit and without") {
  one.Block(key, absl::Seconds(30));
  one.Block(key, absl::Seconds(5));  // never shortens
  for (const std::optional<RateLimit>& limit :
       {std::optional<RateLimit>(), std::optional(RateLimit{10, 5})}) {
    for (SharedRateGate* gate : {&one, &two}) {
      const absl::Status refused = gate->Take(key, limit, absl::Seconds(3)).status();
      CHECK(ReasonOf(refused) == "RATE_LIMITED");
      CHECK(RetryAfterOf(refused) > absl::Seconds(25));
      const absl::Duration wait = Take(*gate, key, limit);
      CHECK(wait > absl::Seconds(25));
      CHECK(wait <= absl::Seconds(30.1));
    }
  }
}

TEST_CASE_METHOD(Fixture, "a block ends, and has an end even when a third party knows none") {
  testing::SimulatedClock clock(kClock.Now());
  SharedRateGate gate(*pool1, clock);
  one.Block(key, absl::Hours(24 * 365));
  CHECK(RetryAfterOf(two.Take(key, {}, absl::Seconds(1)).status()) <= absl::Hours(1));
  const ConnectorKey other{key.tenant, MakeConnector("two")};
  gate.Block(other, absl::Milliseconds(1));
  clock.Advance(absl::Milliseconds(1));
  CHECK(Take(gate, other, {}) < absl::Milliseconds(2));
}

TEST_CASE_METHOD(Fixture, "connectors do not share their limits, and unlimited ones have none") {
  const RateLimit limit{.calls_per_second = 0.01, .burst = 1};
  CHECK(Take(one, key, limit) == absl::ZeroDuration());
  CHECK(Take(one, {key.tenant, MakeConnector("two")}, limit) == absl::ZeroDuration());
  for (int i = 0; i < 100; ++i) CHECK(Take(one, key, {}) == absl::ZeroDuration());
}

TEST_CASE_METHOD(Fixture, "a connector takes its limit along when it is deleted") {
  Take(one, key, RateLimit{.calls_per_second = 1, .burst = 1});
  auto admin = database.Connect(postgres::Role::kAdmin);
  Check(admin->ExecuteScript("DELETE FROM connector.integration_connectors"), "delete");
  const auto left =
      Check(superuser->Execute({"count", "SELECT count(*) FROM connector.rate_limits"}), "count");
  CHECK(left.Get<int64_t>(0, 0) == 0);
}

TEST_CASE_METHOD(Fixture,
                 "a connector that is not there, or another tenant's, has no limit to take from") {
  const RateLimit limit{.calls_per_second = 1, .burst = 1};
  CHECK_FALSE(one.Take({key.tenant, Uuid::MakeV7(kClock.Now())}, limit, absl::Seconds(1)).ok());
  CHECK_FALSE(
      one.Take({TenantId(Uuid::MakeV7(kClock.Now())), key.connector}, limit, absl::Seconds(1))
          .ok());
}

}  // namespace
}  // namespace penstock::connector

// PostgreSQL goes away and comes back under the services' hands.
#include <catch2/catch.hpp>
#include <functional>
#include <thread>

#include "absl/time/clock.h"
#include "libs/postgres/connection.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "tests/e2e/health.h"
#include "tests/e2e/people.h"
#include "tests/e2e/workbench.h"
#include "tests/harness/http.h"
#include "tests/resilience/traffic.h"

namespace penstock::resilience {
namespace {

using e2e::Becomes;
using e2e::Deployment;
using e2e::HealthCheckResponse;
using testing::Check;

std::unique_ptr<postgres::Connection> Connect(Deployment& penstock) {
  return Check(postgres::Connection::Open(penstock.DatabaseConninfo(), absl::Seconds(10)), "connect");
}

int ReadyzOf(const harness::Service& service) {
  return Check(harness::Call({.url = service.AdminUrl("/readyz")}), "readyz").status;
}

// Both services, by gRPC health and by /readyz, which may change a moment after.
void CheckBothBecome(Deployment& penstock, HealthCheckResponse::ServingStatus wanted) {
  CHECK(Becomes(penstock.clients().engine_channel(), wanted, absl::Seconds(30)));
  CHECK(Becomes(penstock.clients().interfaces_channel(), wanted, absl::Seconds(30)));
}

void CheckRestart(const std::function<void(harness::PostgresServer&)>& end) {
  auto penstock = Check(Deployment::Start(), "start the services");
  Traffic traffic(*penstock);
  REQUIRE(traffic.AwaitAcknowledged(20));

  end(penstock->postgres());
  CheckBothBecome(*penstock, HealthCheckResponse::NOT_SERVING);
  CHECK(ReadyzOf(penstock->engine()) == 503);
  CHECK(ReadyzOf(penstock->interfaces()) == 503);
  // Alive all the same: a restart of the service would not help.
  CHECK(Check(harness::Call({.url = penstock->interfaces().AdminUrl("/healthz")}), "healthz").status == 200);

  Check(penstock->postgres().Restart(), "restart PostgreSQL");
  CheckBothBecome(*penstock, HealthCheckResponse::SERVING);
  CHECK(penstock->engine().AwaitReady().ok());
  CHECK(penstock->interfaces().AwaitReady().ok());
  REQUIRE(traffic.AwaitAcknowledged(20));
  traffic.End();
  // A storm that nobody noticed would prove nothing.
  CHECK(traffic.refused() > 0);
  for (const std::string& broken : traffic.BrokenPromises(*Connect(*penstock))) FAIL_CHECK(broken);
}

TEST_CASE("the services outlive a restart of PostgreSQL and keep what they acknowledged") {
  CheckRestart([](harness::PostgresServer& postgres) { Check(postgres.Stop(), "stop PostgreSQL"); });
}

TEST_CASE("the services outlive a crash of PostgreSQL and keep what they acknowledged") {
  CheckRestart([](harness::PostgresServer& postgres) { postgres.Kill(); });
}

// COMMIT of a new API key waits in a deferred trigger for a lock that `holder` has.
void MakeCommitsWait(postgres::Connection& holder) {
  Check(holder.ExecuteScript(R"sql(
    CREATE FUNCTION public.wait() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON tenancy.api_keys DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION public.wait();
    SELECT pg_advisory_lock(1);)sql"),
        "make commits wait");
}

void AwaitWaitingCommit(postgres::Connection& holder) {
  constexpr postgres::Statement kWaiting{
      "waiting", "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted)"};
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (!Check(holder.Execute(kWaiting), "look").Get<bool>(0, 0)) {
    REQUIRE(absl::Now() < deadline);
  }
}

TEST_CASE("a COMMIT whose answer is lost is told as such and not repeated") {
  auto penstock = Check(Deployment::Start(), "start the services");
  auto holder = Connect(*penstock);
  MakeCommitsWait(*holder);
  absl::Status answer;
  std::thread caller([&] {
    e2e::People people(penstock->clients());
    answer = people.CreateKey("in doubt", tenancy::v1::ROLE_VIEWER).status();
  });
  AwaitWaitingCommit(*holder);
  penstock->postgres().Kill();
  // The lock went with its holder: from now on a repetition would succeed.
  Check(penstock->postgres().Restart(), "restart PostgreSQL");
  caller.join();
  INFO(answer.ToString());
  CHECK(answer.code() == absl::StatusCode::kUnknown);
  CHECK(ReasonOf(answer) == postgres::kCommitInDoubt);
  CheckBothBecome(*penstock, HealthCheckResponse::SERVING);
  constexpr postgres::Statement kCount{"count", "SELECT count(*) FROM tenancy.api_keys WHERE name = 'in doubt'"};
  CHECK(Check(Connect(*penstock)->Execute(kCount), "count").Get<int64_t>(0, 0) == 0);
}

}  // namespace
}  // namespace penstock::resilience

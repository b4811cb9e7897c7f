// A service on a standby is never ready and says why; a promotion makes it work, and a list of hosts finds the server that writes.
#include <catch2/catch.hpp>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/postgres/connection.h"
#include "libs/testing/check.h"
#include "tests/e2e/health.h"
#include "tests/e2e/people.h"
#include "tests/e2e/workbench.h"
#include "tests/harness/http.h"

namespace penstock::resilience {
namespace {

using e2e::Becomes;
using e2e::Deployment;
using e2e::HealthCheckResponse;
using e2e::Must;
using harness::PostgresServer;
using testing::Check;

constexpr absl::Duration kPatience = absl::Seconds(30);

void MoveTo(Deployment& penstock, const std::string& hosts) {
  for (harness::Service* service : {&penstock.interfaces(), &penstock.engine()}) {
    Check(service->Stop(), "stop a service");
    service->settings()["DB_HOST"] = hosts;
  }
  Check(penstock.engine().Launch(), "start the engine");
  Check(penstock.interfaces().Launch(), "start interfaces-service");
}

// /readyz says 503 with `reason` in its words; each look is a round trip.
bool SaysNotReadyBecause(const harness::Service& service, const std::string& reason) {
  const absl::Time deadline = absl::Now() + kPatience;
  while (absl::Now() < deadline) {
    const auto reply = harness::Call({.url = service.AdminUrl("/readyz")});
    if (reply.ok() && reply->status == 503 && reply->body.find(reason) != std::string::npos) return true;
  }
  return false;
}

// Until the standby has everything the primary has written so far.
void AwaitCaughtUp(const PostgresServer& primary, const PostgresServer& standby) {
  auto writer = Check(postgres::Connection::Open(primary.Conninfo("postgres", "penstock"), kPatience), "connect to the primary");
  auto reader = Check(postgres::Connection::Open(standby.Conninfo("postgres", "penstock"), kPatience), "connect to the standby");
  constexpr postgres::Statement kWritten{"written", "SELECT pg_current_wal_lsn()::text"};
  constexpr postgres::Statement kReplayed{"replayed", "SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn"};
  const std::string written = Check(writer->Execute(kWritten), "written").Get<std::string>(0, 0);
  const absl::Time deadline = absl::Now() + kPatience;
  while (!Check(reader->Execute(kReplayed, std::move(postgres::Params().Add(written))), "replayed").Get<bool>(0, 0)) {
    REQUIRE(absl::Now() < deadline);
  }
}

void CheckBothServe(Deployment& penstock) {
  CHECK(penstock.engine().AwaitReady(kPatience).ok());
  CHECK(penstock.interfaces().AwaitReady(kPatience).ok());
  CHECK(Becomes(penstock.clients().engine_channel(), HealthCheckResponse::SERVING));
  CHECK(Becomes(penstock.clients().interfaces_channel(), HealthCheckResponse::SERVING));
}

TEST_CASE("services on a standby are not ready and say why, until it is promoted") {
  auto penstock = Check(Deployment::Start(), "start the services");
  auto standby = Check(penstock->StartStandby(), "start a standby");
  AwaitCaughtUp(penstock->postgres(), *standby);
  MoveTo(*penstock, standby->host());
  CHECK(SaysNotReadyBecause(penstock->engine(), "read-only (a standby?)"));
  CHECK(SaysNotReadyBecause(penstock->interfaces(), "read-only (a standby?)"));
  CHECK(e2e::Health(penstock->clients().engine_channel()) == HealthCheckResponse::NOT_SERVING);
  CHECK(e2e::Health(penstock->clients().interfaces_channel()) == HealthCheckResponse::NOT_SERVING);

  penstock->postgres().Kill();
  Check(standby->Promote(), "promote the standby");
  CheckBothServe(*penstock);
  CHECK(e2e::People(penstock->clients()).CreateKey("after", tenancy::v1::ROLE_VIEWER).ok());
}

TEST_CASE("with a list of hosts the services follow the database to the server that was promoted") {
  auto penstock = Check(Deployment::Start(), "start the services");
  auto standby = Check(penstock->StartStandby(), "start a standby");
  // The standby first: what matters is who writes, not who is named first.
  MoveTo(*penstock, fmt::format("{},{}", standby->host(), penstock->postgres().host()));
  CheckBothServe(*penstock);
  e2e::People people(penstock->clients());
  const std::string key = Must(people.CreateKey("before", tenancy::v1::ROLE_VIEWER)).api_key().id();
  const std::string workflow = e2e::Publish(
      penstock->clients(), e2e::Chain({e2e::WebhookTrigger("w"), e2e::Node("wait", "wait", {{"duration", "2s"}})}));
  const std::string waiting = Must(e2e::Start(penstock->clients(), workflow, {}, workflow::v1::WAIT_MODE_NONE)).id();
  AwaitCaughtUp(penstock->postgres(), *standby);

  penstock->postgres().Kill();
  CHECK(Becomes(penstock->clients().engine_channel(), HealthCheckResponse::NOT_SERVING, kPatience));
  CHECK(Becomes(penstock->clients().interfaces_channel(), HealthCheckResponse::NOT_SERVING, kPatience));
  Check(standby->Promote(), "promote the standby");
  CheckBothServe(*penstock);
  CHECK(Must(e2e::AwaitEnd(penstock->clients(), waiting)).state() == workflow::v1::EXECUTION_STATE_COMPLETED);
  CHECK(Must(e2e::Start(penstock->clients(), workflow, {}, workflow::v1::WAIT_MODE_COMPLETED)).state() ==
        workflow::v1::EXECUTION_STATE_COMPLETED);
  CHECK(people.CreateKey("after", tenancy::v1::ROLE_VIEWER).ok());
  auto database = Check(postgres::Connection::Open(standby->Conninfo("postgres", "penstock"), kPatience), "connect");
  constexpr postgres::Statement kFind{"find", "SELECT EXISTS (SELECT FROM tenancy.api_keys WHERE api_key_id = $1::text::uuid)"};
  CHECK(Check(database->Execute(kFind, std::move(postgres::Params().Add(key))), "find").Get<bool>(0, 0));
}

}  // namespace
}  // namespace penstock::resilience

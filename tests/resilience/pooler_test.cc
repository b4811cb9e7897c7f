// Everything through pgbouncer in transaction mode, with three sessions for each user: who keeps anything on a session meets it again on
// another's.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <thread>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/postgres/connection.h"
#include "libs/postgres/pool.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "tests/e2e/people.h"
#include "tests/e2e/workbench.h"
#include "tests/harness/http.h"

namespace penstock::resilience {
namespace {

using e2e::Chain;
using e2e::Clients;
using e2e::Deployment;
using e2e::Execution;
using e2e::Must;
using e2e::Node;
using testing::Check;

// Behind a pooler an engine's death is told by its time to live alone; the default of six seconds would only make the test longer.
const harness::Environment kQuickToDie = {{"PENSTOCK_ENGINE_HEARTBEAT", "500ms"}, {"PENSTOCK_ENGINE_TIME_TO_LIVE", "2s"}};

std::unique_ptr<postgres::Connection> Connect(Deployment& penstock) {
  return Check(postgres::Connection::Open(penstock.DatabaseConninfo(), absl::Seconds(10)), "connect past the pooler");
}

// Each look is a round trip, so this does not spin.
bool Eventually(postgres::Connection& database, const postgres::Statement& question) {
  const absl::Time deadline = absl::Now() + absl::Seconds(20);
  while (!Check(database.Execute(question), question.name).Get<bool>(0, 0)) {
    if (absl::Now() > deadline) return false;
  }
  return true;
}

constexpr postgres::Statement kShardsAreShared{
    "shared", "SELECT count(DISTINCT owner) = 2 AND count(owner) = 256 AND "
              "(SELECT max(n) < 224 FROM (SELECT count(*) AS n FROM workflow.shard_leases GROUP BY owner) s) FROM workflow.shard_leases"};
constexpr postgres::Statement kShardsHaveOneOwner{
    "one_owner", "SELECT count(DISTINCT owner) = 1 AND count(owner) = 256 FROM workflow.shard_leases"};
// Locks of transactions come and go; one that belongs to a session would be there at every look.
constexpr postgres::Statement kNoLockStays{"no_lock", "SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory')"};
constexpr postgres::Statement kFewSessions{
    "few_sessions", "SELECT bool_and(n <= 3) FROM (SELECT count(*) AS n FROM pg_stat_activity WHERE usename LIKE 'penstock_%' GROUP BY usename) s"};

void CheckSample(Deployment& penstock) {
  std::ifstream file("docs/examples/seed-002-sample.json");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  Must(harness::CreateAndPublish(penstock.clients(), Must(harness::ParseWorkflow(text)), "sample"));
  const harness::HttpReply reply = Must(harness::PostJson(penstock.WebhookUrl("test"), R"({"message":"hello"})"));
  REQUIRE(reply.status == 200);
  const auto deliveries = Must(e2e::Deliveries(penstock.clients(), "test"));
  REQUIRE(deliveries.deliveries_size() == 1);
  const Execution execution = Must(e2e::AwaitEnd(penstock.clients(), deliveries.deliveries(0).execution_ids(0)));
  CHECK(execution.result().string_value() == "The processed result is: hello processed");
}

void CheckSignIn(Deployment& penstock, const std::string& email) {
  e2e::People people(penstock.clients());
  Must(people.SignUp(penstock.tenant_slug(), email, tenancy::v1::ROLE_VIEWER, "a password to test"));
  const auto tokens = Must(people.Login(penstock.tenant_slug(), email, "a password to test"));
  CHECK(people.Refresh(tokens.refresh_token()).ok());
}

std::vector<std::string> StartWaiting(Deployment& penstock, const std::string& duration, int count) {
  const std::string id = e2e::Publish(
      penstock.clients(), Chain({e2e::WebhookTrigger("waiting-" + duration), Node("wait", "wait", {{"duration", duration}}),
                                 Node("f", "function", {{"code", "return { done: true };"}})}));
  std::vector<std::string> started;
  for (int i = 0; i < count; ++i) {
    started.push_back(Must(e2e::Start(penstock.clients(i % penstock.engines()), id, {{"n", i}}, workflow::v1::WAIT_MODE_NONE)).id());
  }
  return started;
}

void CheckCompleted(Clients& clients, const std::vector<std::string>& executions) {
  for (const std::string& id : executions) {
    const Execution execution = Must(e2e::AwaitEnd(clients, id));
    INFO(execution.ShortDebugString());
    CHECK(execution.state() == workflow::v1::EXECUTION_STATE_COMPLETED);
    CHECK(execution.node_executions_size() == 3);
  }
}

TEST_CASE("two engines and sign-in work through a pooler in transaction mode, through deaths and restarts") {
  auto penstock = Check(Deployment::Start({.engines = 2, .pooled = true, .engine_settings = kQuickToDie, .interfaces_settings = {}}), "start");
  auto database = Connect(*penstock);
  REQUIRE(Eventually(*database, kShardsAreShared));
  CheckSample(*penstock);
  CheckSignIn(*penstock, "first@example.com");
  CheckCompleted(penstock->clients(1), StartWaiting(*penstock, "1s", 40));
  CHECK(Eventually(*database, kNoLockStays));
  CHECK(Eventually(*database, kFewSessions));

  // An engine dies: what it had is the other's once its time to live is over.
  const std::vector<std::string> orphans = StartWaiting(*penstock, "3s", 20);
  penstock->engine(1).Kill();
  CHECK(Eventually(*database, kShardsHaveOneOwner));
  CheckCompleted(penstock->clients(0), orphans);
  Check(penstock->engine(1).Start(), "start the engine again");
  REQUIRE(Eventually(*database, kShardsAreShared));

  // The pooler dies, and then the database behind it: both come back to the same services.
  const std::vector<std::string> sleepers = StartWaiting(*penstock, "4s", 20);
  Check(penstock->pooler().Restart(), "restart the pooler");
  for (int e = 0; e < 2; ++e) CHECK(penstock->engine(e).AwaitReady().ok());
  penstock->postgres().Kill();
  Check(penstock->postgres().Restart(), "restart PostgreSQL");
  database = Connect(*penstock);
  CHECK(Eventually(*database, kShardsAreShared));
  for (int e = 0; e < 2; ++e) CHECK(penstock->engine(e).AwaitReady().ok());
  CHECK(penstock->interfaces().AwaitReady().ok());
  CheckCompleted(penstock->clients(0), sleepers);
  CheckSignIn(*penstock, "second@example.com");
}

std::string LogOf(harness::Service& service) {
  std::ifstream file(service.log_file());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The service ends by itself and says what to set.
void CheckRefusesToShareSessions(harness::Service& service) {
  Check(service.Stop(), "stop");
  service.settings()["DB_POOLER"] = "none";
  const absl::Status status = service.Start();
  INFO(status.ToString());
  CHECK(absl::IsInternal(status));
  CHECK(LogOf(service).find("set DB_POOLER=transaction") != std::string::npos);
}

TEST_CASE("a service that believes its sessions to be its own refuses to start behind a pooler in transaction mode") {
  auto penstock = Check(Deployment::Start({.pooled = true}), "start");
  CheckRefusesToShareSessions(penstock->interfaces());
  CheckRefusesToShareSessions(penstock->engine());
}

TEST_CASE("a pooler's word about a server it lost leaves a COMMIT in doubt") {
  auto penstock = Check(Deployment::Start({.pooled = true}), "start");
  auto holder = Connect(*penstock);
  // The row before the COMMIT waits, so that the answer that is missing is not that of the COMMIT itself.
  Check(holder->ExecuteScript(R"sql(
    CREATE TABLE public.numbers (n int);
    GRANT INSERT ON public.numbers TO penstock_server;
    CREATE FUNCTION public.wait() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$;
    CREATE TRIGGER wait AFTER INSERT ON public.numbers FOR EACH ROW EXECUTE FUNCTION public.wait();
    SELECT pg_advisory_lock(1);)sql"),
        "make a row wait");
  const auto& pooler = penstock->pooler();
  auto connection = Check(postgres::Connection::Open(fmt::format("host={} port={} user=penstock_server dbname=penstock", pooler.host(), pooler.port()),
                                                     absl::Seconds(10), postgres::Session::kShared),
                          "connect through the pooler");
  postgres::Pipeline pipeline;
  pipeline.Add(postgres::kBegin);
  pipeline.Add({"insert", "INSERT INTO public.numbers VALUES (1)"});
  pipeline.Add(postgres::kCommit);
  std::thread killer([&] {
    constexpr postgres::Statement kWaits{"waits", "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)"};
    Eventually(*holder, kWaits);
    penstock->postgres().Kill();
  });
  const absl::Status status = pipeline.Run(*connection).status();
  killer.join();
  INFO(status.ToString());
  CHECK(status.code() == absl::StatusCode::kUnknown);
  CHECK(ReasonOf(status) == postgres::kCommitInDoubt);
}

}  // namespace
}  // namespace penstock::resilience

// Two schedulers on one database, killed again and again: each instant has one row, started once or
// skipped for a reason. The schedulers are real processes; the engine is one that keeps count.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/auth/testing_token_keys.h"
#include "libs/testing/check.h"
#include "libs/testing/postgres.h"
#include "libs/testing/tenants.h"
#include "services/scheduler/testing/fake_engine.h"
#include "tests/harness/ports.h"
#include "tests/harness/service.h"

namespace penstock::e2e {
namespace {

using scheduler::testing::FakeEngine;
using testing::Check;

constexpr int kSchedules = 50;

class TwoSchedulers {
 public:
  TwoSchedulers() : tenant_(testing::CreateTenant(database_, "acme")) {
    char path[] = "/tmp/penstock-schedules-XXXXXX";
    if (mkdtemp(path) == nullptr) testing::Fail("make a directory", path);
    directory_ = path;
    auth::WriteTokenKeys(directory_ + "/known", directory_ + "/signing");
    std::ofstream(directory_ + "/service-key") << std::string(44, 'k');
    AddWorkflow();
    AddSchedules("0 seconds");
    for (int i = 0; i < 2; ++i) {
      replicas_.push_back(MakeReplica(i));
      Check(replicas_.back()->Start(), "start a scheduler");
    }
  }
  ~TwoSchedulers() {
    replicas_.clear();
    std::filesystem::remove_all(directory_);
  }

  harness::Service& replica(int i) { return *replicas_[i]; }
  FakeEngine& engine() { return engine_; }

  void Sql(const std::string& text) {
    Check(database_.ConnectAsSuperuser()->ExecuteScript(text), text);
  }

  int64_t Number(const std::string& query) {
    return Check(database_.ConnectAsSuperuser()->Execute({"number", query.c_str()}), query)
        .Get<int64_t>(0, 0);
  }

  // Due every second; what was due until so long ago is decided.
  void AddSchedules(const std::string& decided_ago) {
    Sql(fmt::format(
        "INSERT INTO schedule.scheduled_events (tenant_id, schedule_id, workflow_id, "
        "project_id, spec, overlap_policy, decided_until, nextrun) "
        "SELECT '{0}', gen_random_uuid(), '{0}', '{1}', "
        "'{{\"intervals\":[{{\"every\":\"1s\"}}]}}', 'allow_all', date_trunc('second', "
        "now()) - interval '{3}', now() "
        "FROM generate_series(1, {2})",
        tenant_.tenant.ToString(), tenant_.project.ToString(), kSchedules, decided_ago));
  }

  // Nothing is due any more and nothing open: what is recorded is final.
  void Settle() {
    Sql("UPDATE schedule.scheduled_events SET status = 'paused', paused_by = 'caller', nextrun = "
        "NULL, "
        "next_nominal = NULL");
    const absl::Time end = absl::Now() + absl::Seconds(60);
    while (Number("SELECT count(*) FROM schedule.schedule_runs WHERE state IN ('pending', "
                  "'running', 'buffered')") > 0) {
      if (absl::Now() > end) testing::Fail("settle", "runs stay open");
    }
  }

 private:
  void AddWorkflow() {
    const std::string tenant = tenant_.tenant.ToString();
    Sql(
        fmt::format("INSERT INTO workflow.workflows (tenant_id, workflow_id, project_id, name, "
                    "service_display_name, status, version) "
                    "VALUES ('{0}', '{0}', '{1}', 'w', 'w', 'active', 1)",
                    tenant, tenant_.project.ToString()));
  }

  std::unique_ptr<harness::Service> MakeReplica(int index) {
    std::map<std::string, std::string> conninfo;
    for (absl::string_view part :
         absl::StrSplit(database_.Conninfo(postgres::Role::kServer), ' ')) {
      const std::vector<std::string> pair = absl::StrSplit(part, '=');
      conninfo[pair[0]] = pair[1];
    }
    const int admin_port = harness::FreePort();
    return std::make_unique<harness::Service>(
        "services/scheduler/scheduler",
        harness::Environment{
            {"PATH", "/usr/bin:/bin"},
            {"DB_HOST", conninfo["host"]},
            {"DB_PORT", conninfo["port"]},
            {"DB_NAME_SERVER", conninfo["dbname"]},
            {"DB_USER_SERVER", conninfo["user"]},
            {"DB_PASSWORD_SERVER", "unused-behind-trust"},
            {"PENSTOCK_SERVICE_KEY_FILE", directory_ + "/service-key"},
            {"PENSTOCK_TOKEN_KEY_DIR", directory_ + "/known"},
            {"PENSTOCK_ENGINE_ADDRESS", engine_.address()},
            {"PENSTOCK_GRPC_ADDRESS", fmt::format("127.0.0.1:{}", harness::FreePort())},
            {"PENSTOCK_ADMIN_ADDRESS", fmt::format("127.0.0.1:{}", admin_port)}},
        admin_port, fmt::format("{}/scheduler-{}.log", directory_, index));
  }

  testing::TestDatabase database_;
  testing::TestTenant tenant_;
  FakeEngine engine_;
  std::string directory_;
  std::vector<std::unique_ptr<harness::Service>> replicas_;
};

// Every second from the first to the last that was decided is covered by exactly one row.
constexpr char kUncovered[] = R"sql(
  SELECT count(*) FROM schedule.scheduled_events s,
    generate_series((SELECT min(r.nominal_at) FROM schedule.schedule_runs r WHERE r.schedule_id = s.schedule_id), s.decided_until, interval '1 second') AS due
  WHERE 1 <> (SELECT count(*) FROM schedule.schedule_runs r
              WHERE r.schedule_id = s.schedule_id AND due BETWEEN r.nominal_at AND r.last_nominal_at))sql";

TEST_CASE("schedulers that are killed never start an instant twice, and never lose one") {
  TwoSchedulers two;
  size_t starts = 0;
  for (int round = 0; round < 8; ++round) {
    starts = two.engine().started().size() + 2 * kSchedules;
    REQUIRE(two.engine().AwaitStarts(starts, absl::Seconds(60)));
    two.replica(round % 2).Kill();
    // The other one goes on alone.
    REQUIRE(
        two.engine().AwaitStarts(two.engine().started().size() + kSchedules, absl::Seconds(60)));
    Check(two.replica(round % 2).Start(), "start again");
  }
  two.Settle();
  CHECK(two.Number(kUncovered) == 0);
  CHECK(two.Number("SELECT count(DISTINCT execution_id) - count(execution_id) FROM "
                   "schedule.schedule_runs") == 0);
  const int64_t completed =
      two.Number("SELECT count(*) FROM schedule.schedule_runs WHERE state = 'completed'");
  CHECK(completed == static_cast<int64_t>(two.engine().started().size()));
  CHECK(two.engine().conflicts() == 0);
  CHECK(two.Number("SELECT count(*) FROM schedule.schedule_runs WHERE state NOT IN ('completed', "
                   "'skipped')") == 0);
}

TEST_CASE("a clock that jumps ahead, and a downtime, leave a reason for each instant") {
  TwoSchedulers two;
  REQUIRE(two.engine().AwaitStarts(kSchedules, absl::Seconds(60)));
  two.replica(0).Kill();
  two.replica(1).Kill();
  // As if the database's clock had jumped a minute ahead: what these have decided is a minute ago.
  two.Sql("DELETE FROM schedule.scheduled_events");
  two.AddSchedules("60 seconds");
  for (int i : {0, 1}) Check(two.replica(i).Start(), "start again");
  const absl::Time end = absl::Now() + absl::Seconds(60);
  while (two.Number("SELECT count(*) FROM schedule.scheduled_events WHERE decided_until > now() - "
                    "interval '3 seconds'") < kSchedules) {
    REQUIRE(absl::Now() < end);
  }
  two.Settle();
  CHECK(two.Number(kUncovered) == 0);
  CHECK(two.Number("SELECT count(*) FROM schedule.schedule_runs WHERE state = 'skipped' AND reason "
                   "= 'MISSED'") >= 30 * kSchedules);
  CHECK(two.engine().conflicts() == 0);
}

}  // namespace
}  // namespace penstock::e2e

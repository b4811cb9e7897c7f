#include "services/scheduler/ops/retention.h"

#include <catch2/catch.hpp>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/testing/check.h"
#include "libs/testing/postgres.h"
#include "libs/testing/tenants.h"

namespace penstock::scheduler {
namespace {

using penstock::testing::Check;

constexpr absl::Duration kAge = absl::Hours(24 * 30);

// Schedules whose instants are days of the past.
class Fixture {
 protected:
  Fixture()
      : acme_(penstock::testing::CreateTenant(database_, "acme")),
        other_(penstock::testing::CreateTenant(database_, "other")),
        connection_(database_.ConnectAsSuperuser()),
        pool_(Check(
            postgres::Pool::Create({.conninfo = database_.Conninfo(postgres::Role::kServer)}),
            "pool")) {}

  void Sql(const std::string& text) { Check(connection_->ExecuteScript(text), text); }
  std::string Value(const std::string& text) {
    const std::string query = fmt::format("SELECT coalesce(({})::text, '')", text);
    return Check(connection_->Execute({"value", query.c_str()}), text).Get<std::string>(0, 0);
  }

  std::string AddSchedule(const penstock::testing::TestTenant& tenant) {
    const std::string id = Uuid::MakeV7(absl::Now()).ToString();
    Sql(fmt::format(
        "INSERT INTO workflow.workflows (tenant_id, workflow_id, project_id, name, "
        "service_display_name, status, version) "
        "VALUES ('{0}', '{1}', '{2}', 'w', 'w', 'active', 1);"
        "INSERT INTO schedule.scheduled_events (tenant_id, schedule_id, workflow_id, project_id, "
        "spec, decided_until, nextrun) "
        "VALUES ('{0}', '{1}', '{1}', '{2}', '{{}}', now(), now() + interval '1 day')",
        tenant.tenant.ToString(), id, tenant.project.ToString()));
    return id;
  }
  // A run of each of the days `first` to `last` ago, which ended within a minute.
  void AddRuns(const std::string& schedule, int first, int last) {
    Sql(fmt::format(
        "INSERT INTO schedule.schedule_runs (tenant_id, schedule_id, nominal_at, origin, state, "
        "last_nominal_at, overlap_policy, due_at, decided_at, ended_at, execution_id) "
        "SELECT s.tenant_id, s.schedule_id, at, 'schedule', 'completed', at, 'skip', at, at, "
        "at + interval '1 minute', gen_random_uuid() "
        "FROM schedule.scheduled_events s, generate_series({1}, {2}, -1) AS day, "
        "LATERAL (SELECT now() - day * interval '1 day' - interval '1 hour' AS at) AS days "
        "WHERE s.schedule_id = '{0}'",
        schedule, first, last));
  }
  std::string Left(const std::string& schedule) {
    return Value(fmt::format(
        "SELECT count(*) || ' from ' || max(date_part('day', now() - nominal_at)) "
        "FROM schedule.schedule_runs WHERE schedule_id = '{}'",
        schedule));
  }

  penstock::testing::TestDatabase database_;
  penstock::testing::TestTenant acme_, other_;
  std::unique_ptr<postgres::Connection> connection_;
  std::unique_ptr<postgres::Pool> pool_;
};

TEST_CASE_METHOD(Fixture, "runs that are long over are dropped, of every tenant") {
  const std::string mine = AddSchedule(acme_), others = AddSchedule(other_);
  AddRuns(mine, 60, 1);
  AddRuns(others, 45, 1);
  RunRetention retention(*pool_, kAge);
  CHECK(Check(retention.Run(), "run") == 30 + 15 + 2);
  CHECK(Left(mine) == "29 from 29");
  CHECK(Left(others) == "29 from 29");
  CHECK(Check(retention.Run(), "again") == 0);
}

TEST_CASE_METHOD(Fixture, "the last ten of a schedule stay, however old, until later ones come") {
  const std::string schedule = AddSchedule(acme_);
  AddRuns(schedule, 400, 386);
  RunRetention retention(*pool_, kAge);
  CHECK(Check(retention.Run(), "run") == 5);
  CHECK(Left(schedule) == "10 from 395");
  AddRuns(schedule, 40, 36);
  CHECK(Check(retention.Run(), "later") == 5);
  CHECK(Left(schedule) == "10 from 390");
}

TEST_CASE_METHOD(Fixture, "what is open stays, however old, and so does what began long ago") {
  const std::string schedule = AddSchedule(acme_);
  AddRuns(schedule, 60, 1);
  const auto change = [&](int day, const std::string& set) {
    Sql(fmt::format("ALTER TABLE schedule.schedule_runs DISABLE TRIGGER ended_is_final;"
                    "UPDATE schedule.schedule_runs SET {} WHERE schedule_id = '{}' AND "
                    "date_part('day', now() - nominal_at) = {};"
                    "ALTER TABLE schedule.schedule_runs ENABLE TRIGGER ended_is_final",
                    set, schedule, day));
  };
  change(60, "state = 'running', ended_at = NULL, wake_at = now()");
  change(59, "state = 'pending', ended_at = NULL, wake_at = now()");
  change(58, "state = 'buffered', ended_at = NULL");
  change(57, "ended_at = now() - interval '1 day'");
  Check(RunRetention(*pool_, kAge).Run(), "run");
  CHECK(Left(schedule) == "33 from 60");
}

TEST_CASE_METHOD(Fixture, "a schedule says up to where runs may be missing, not skipped ones") {
  const std::string ran = AddSchedule(acme_), skipped = AddSchedule(acme_);
  AddRuns(ran, 60, 1);
  AddRuns(skipped, 60, 1);
  Sql(fmt::format("ALTER TABLE schedule.schedule_runs DISABLE TRIGGER ended_is_final;"
                  "UPDATE schedule.schedule_runs SET state = 'skipped', reason = 'MISSED', "
                  "ended_at = NULL WHERE schedule_id = '{}'",
                  skipped));
  Check(RunRetention(*pool_, kAge).Run(), "run");
  const auto forgotten = [&](const std::string& id) {
    return Value(fmt::format("SELECT date_part('day', now() - forgotten_until) "
                             "FROM schedule.scheduled_events WHERE schedule_id = '{}'",
                             id));
  };
  CHECK(forgotten(ran) == "30");
  CHECK(forgotten(skipped).empty());
  CHECK(Left(skipped) == "29 from 29");
}

TEST_CASE_METHOD(Fixture, "nothing is dropped of a schedule that is being backfilled") {
  const std::string schedule = AddSchedule(acme_);
  AddRuns(schedule, 60, 1);
  Sql(fmt::format("INSERT INTO schedule.backfills (tenant_id, backfill_id, schedule_id, start_at, "
                  "end_at, overlap_policy, done_until, total_instants, wake_at) "
                  "VALUES ('{}', gen_random_uuid(), '{}', now() - interval '50 days', now(), "
                  "'skip', now() - interval '50 days', 50, now())",
                  acme_.tenant.ToString(), schedule));
  CHECK(Check(RunRetention(*pool_, kAge).Run(), "run") == 0);
  Sql("UPDATE schedule.backfills SET state = 'completed', wake_at = NULL");
  CHECK(Check(RunRetention(*pool_, kAge).Run(), "when it is done") == 31);
}

TEST_CASE_METHOD(Fixture, "more than fits into one step is dropped by several") {
  const std::string schedule = AddSchedule(acme_);
  AddRuns(schedule, 3500, 1);
  CHECK(Check(RunRetention(*pool_, kAge).Run(), "run") == 3500 - 29);
  CHECK(Left(schedule) == "29 from 29");
}

}  // namespace
}  // namespace penstock::scheduler

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "fmt/format.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "libs/testing/prepare_all.h"
#include "services/scheduler/storage/queries.h"
#include "services/scheduler/testing/service_fixture.h"

namespace penstock::scheduler {
namespace {

using penstock::testing::Check;
using testing::ServiceFixture;
using Stub = v1::ScheduleService::Stub;
using RunList = std::vector<v1::ScheduleRun>;
namespace workflow = penstock::workflow::v1;

constexpr char kEverySecond[] = R"("spec":{"intervals":[{"every":"1s"}]})";
constexpr char kFarAway[] = R"("spec":{"crons":[{"expression":"0 0 1 1 *"}]})";

std::string FieldOf(const absl::Status& status) {
  const auto violations = ViolationsOf(status);
  return violations.empty() ? std::string(status.message()) : violations[0].field;
}

int Count(const RunList& runs, v1::RunState state) {
  return static_cast<int>(std::ranges::count(runs, state, &v1::ScheduleRun::state));
}

auto AtLeast(int count, v1::RunState state) {
  return [count, state](const RunList& runs) { return Count(runs, state) >= count; };
}

template <typename Request>
Request For(const std::string& id) {
  Request request;
  request.set_id(id);
  return request;
}

TEST_CASE("every query fits the schema") {
  penstock::testing::TestDatabase database;
  CHECK(penstock::testing::PrepareAll(*database.Connect(postgres::Role::kServer),
                                      storage::kAllQueries) == absl::OkStatus());
}

TEST_CASE_METHOD(ServiceFixture, "each instant starts one execution, whose run tells both times") {
  const v1::Schedule schedule =
      Check(Create(fmt::format(R"({{{}, "data":{{"a":1}}}})", kEverySecond)), "create");
  const RunList runs = AwaitRuns(schedule.id(), AtLeast(3, v1::RUN_STATE_COMPLETED));
  REQUIRE(Count(runs, v1::RUN_STATE_COMPLETED) >= 3);
  for (size_t i = 0; i + 1 < runs.size(); ++i) {
    CHECK(runs[i].nominal_time().seconds() == runs[i + 1].nominal_time().seconds() + 1);
  }
  for (const v1::ScheduleRun& run : runs) {
    CHECK(run.origin() == v1::RUN_ORIGIN_SCHEDULE);
    if (run.state() != v1::RUN_STATE_COMPLETED) continue;
    CHECK(!run.execution_id().empty());
    CHECK(run.start_time().seconds() >= run.nominal_time().seconds());
  }
  for (const auto& [key, started] : engine.started()) {
    CHECK(started.workflow == this->workflow);
    CHECK(started.input.find("nominalTime") != std::string::npos);
  }
  CHECK(engine.conflicts() == 0);
  CHECK(Get(schedule.id()).has_last_run_time());
}

TEST_CASE_METHOD(ServiceFixture, "what is due together stays each tenant's own") {
  const v1::Schedule mine = Check(Create(fmt::format("{{{}}}", kEverySecond)), "create mine");
  workflow = AddWorkflow(other);
  const v1::Schedule others =
      Check(Create(fmt::format("{{{}}}", kEverySecond), other.api_key), "create the other's");
  AwaitRuns(mine.id(), AtLeast(2, v1::RUN_STATE_COMPLETED));
  REQUIRE(engine.AwaitStarts(5));
  std::set<std::string> started;
  for (const auto& [key, start] : engine.started()) {
    started.insert(start.workflow);
    CHECK((start.workflow == mine.workflow_id()) == (key.find(mine.id()) != std::string::npos));
  }
  CHECK(started == std::set<std::string>{mine.workflow_id(), others.workflow_id()});
  const std::string rows = "SELECT count(DISTINCT tenant_id) FROM schedule.schedule_runs";
  CHECK(SqlValue(rows) == "2");
  CHECK(SqlValue(rows + " WHERE schedule_id = '" + mine.id() + "'") == "1");
}

TEST_CASE_METHOD(ServiceFixture, "a backfill can't begin where runs may have been dropped") {
  const v1::Schedule schedule =
      Check(Create(R"({"spec":{"crons":[{"expression":"0 0 1 * *"}]}})"), "create");
  Sql(fmt::format("UPDATE schedule.scheduled_events SET forgotten_until = '2025-02-01' "
                  "WHERE schedule_id = '{}'",
                  schedule.id()));
  v1::BackfillScheduleRequest request = For<v1::BackfillScheduleRequest>(schedule.id());
  request.mutable_start_time()->set_seconds(1735689600);  // 2025-01-01
  request.mutable_end_time()->set_seconds(1743465600);    // 2025-04-01
  CHECK(FieldOf(Call(&Stub::BackfillSchedule, request).status()) == "start_time");
  request.mutable_start_time()->set_seconds(1738454400);  // 2025-02-02
  CHECK(Check(Call(&Stub::BackfillSchedule, request), "backfill").total_instants() == 2);
}

TEST_CASE_METHOD(ServiceFixture, "what can't be a schedule is refused, naming the field") {
  const auto field = [&](const std::string& json) { return FieldOf(Create(json).status()); };
  CHECK(field("{}") == "schedule.spec");
  CHECK(field(R"({"spec":{"crons":[{"expression":"0 0 9 * * *"}]}})") ==
        "schedule.spec.crons[0].expression");
  CHECK(field(R"({"spec":{"crons":[{"expression":"0 9 * * *"}],"timeZone":"Mars"}})") ==
        "schedule.spec.time_zone");
  CHECK(field(R"({"spec":{"instants":["2020-01-01T00:00:00Z"]}})") == "schedule.spec");
  CHECK(field(fmt::format(R"({{{},"catchUp":"CATCH_UP_MODE_WINDOW"}})", kFarAway)) ==
        "schedule.catch_up_window");
  CHECK(field(fmt::format(R"({{{},"remainingRuns":0}})", kFarAway)) == "schedule.remaining_runs");
  workflow = WorkflowId::Make(absl::Now()).ToString();
  CHECK(absl::IsNotFound(Create(fmt::format("{{{}}}", kFarAway)).status()));
}

TEST_CASE_METHOD(ServiceFixture, "a repeated request id makes one schedule") {
  v1::CreateScheduleRequest request;
  request.mutable_schedule()->set_workflow_id(workflow);
  request.mutable_schedule()->mutable_spec()->add_crons()->set_expression("0 0 1 1 *");
  request.set_request_id("once");
  const v1::Schedule first = Check(Call(&Stub::CreateSchedule, request), "first");
  CHECK(Check(Call(&Stub::CreateSchedule, request), "again").id() == first.id());
  request.mutable_schedule()->set_name("another");
  CHECK(ReasonOf(Call(&Stub::CreateSchedule, request).status()) == "REQUEST_ID_REUSED");
}

TEST_CASE_METHOD(ServiceFixture, "a preview says the instants of a spec that is not saved") {
  v1::PreviewScheduleRequest request;
  v1::Cron& cron = *request.mutable_spec()->add_crons();
  cron.set_dialect(v1::CRON_DIALECT_QUARTZ);
  cron.set_expression("0 30 2 * * ?");
  request.mutable_spec()->set_time_zone("Europe/Berlin");
  request.mutable_after_time()->set_seconds(1774699200);  // 2026-03-28T12:00:00Z
  request.set_count(2);
  const v1::PreviewScheduleResponse preview =
      Check(Call(&Stub::PreviewSchedule, request), "preview");
  REQUIRE(preview.instants_size() == 2);
  CHECK(preview.instants(0).local_time() == "2026-03-29T03:00:00+02:00");
  CHECK(preview.instants(1).local_time() == "2026-03-30T02:30:00+02:00");
  request.set_count(1001);
  CHECK(FieldOf(Call(&Stub::PreviewSchedule, request).status()) == "count");
}

TEST_CASE_METHOD(ServiceFixture, "what passes while a schedule is paused is recorded as skipped") {
  const v1::Schedule schedule = Check(Create(fmt::format("{{{}}}", kEverySecond)), "create");
  AwaitRuns(schedule.id(), AtLeast(1, v1::RUN_STATE_COMPLETED));
  const v1::Schedule paused =
      Check(Call(&Stub::PauseSchedule, For<v1::PauseScheduleRequest>(schedule.id())), "pause");
  CHECK(paused.status() == v1::SCHEDULE_STATUS_PAUSED);
  CHECK(paused.paused_by() == "caller");
  CHECK_FALSE(paused.has_next_run_time());
  // Two instants pass, by the database's time.
  Sql("SELECT pg_sleep(2.1)");
  Check(Call(&Stub::ResumeSchedule, For<v1::ResumeScheduleRequest>(schedule.id())), "resume");
  const RunList runs = AwaitRuns(schedule.id(), [](const RunList& runs) {
    return Count(runs, v1::RUN_STATE_SKIPPED) >= 2 && runs[0].state() == v1::RUN_STATE_COMPLETED;
  });
  CHECK(Count(runs, v1::RUN_STATE_SKIPPED) >= 2);
  for (size_t i = 0; i + 1 < runs.size(); ++i) {
    CHECK(runs[i].nominal_time().seconds() == runs[i + 1].nominal_time().seconds() + 1);
    if (runs[i].state() == v1::RUN_STATE_SKIPPED) CHECK(runs[i].reason() == "PAUSED");
  }
}

TEST_CASE_METHOD(ServiceFixture, "while a run is open others are skipped, or wait for its end") {
  engine.StartAs(workflow::EXECUTION_STATE_RUNNING);
  SECTION("skip") {
    const v1::Schedule schedule = Check(Create(fmt::format("{{{}}}", kEverySecond)), "create");
    const RunList runs = AwaitRuns(schedule.id(), AtLeast(2, v1::RUN_STATE_SKIPPED));
    CHECK(Count(runs, v1::RUN_STATE_SKIPPED) >= 2);
    CHECK(runs.back().state() == v1::RUN_STATE_RUNNING);
    CHECK(runs[runs.size() - 2].reason() == "OVERLAP");
    CHECK(engine.started().size() == 1);
  }
  SECTION("buffer one") {
    const v1::Schedule schedule = Check(
        Create(fmt::format(R"({{{},"overlapPolicy":"OVERLAP_POLICY_BUFFER_ONE"}})", kEverySecond)),
        "create");
    const RunList waiting = AwaitRuns(schedule.id(), AtLeast(1, v1::RUN_STATE_SKIPPED));
    CHECK(Count(waiting, v1::RUN_STATE_BUFFERED) == 1);
    engine.EndAll(workflow::EXECUTION_STATE_COMPLETED);
    REQUIRE(engine.AwaitStarts(2));
    const RunList runs = AwaitRuns(schedule.id(), AtLeast(1, v1::RUN_STATE_COMPLETED));
    CHECK(runs.back().state() == v1::RUN_STATE_COMPLETED);
    CHECK(runs[runs.size() - 2].state() != v1::RUN_STATE_BUFFERED);
  }
  SECTION("cancel other") {
    const v1::Schedule schedule =
        Check(Create(fmt::format(R"({{{},"overlapPolicy":"OVERLAP_POLICY_CANCEL_OTHER"}})",
                                 kEverySecond)),
              "create");
    const RunList runs = AwaitRuns(schedule.id(), AtLeast(2, v1::RUN_STATE_CANCELLED));
    CHECK(Count(runs, v1::RUN_STATE_CANCELLED) >= 2);
    CHECK(engine.AwaitStarts(3));
  }
  SECTION("terminate other") {
    const v1::Schedule schedule =
        Check(Create(fmt::format(R"({{{},"overlapPolicy":"OVERLAP_POLICY_TERMINATE_OTHER"}})",
                                 kEverySecond)),
              "create");
    const RunList runs = AwaitRuns(schedule.id(), AtLeast(2, v1::RUN_STATE_TERMINATED));
    CHECK(Count(runs, v1::RUN_STATE_TERMINATED) >= 2);
    CHECK(Count(runs, v1::RUN_STATE_BUFFERED) == 0);
    CHECK(engine.AwaitStarts(3));
  }
}

TEST_CASE_METHOD(ServiceFixture, "a failure pauses a schedule that asks for it") {
  engine.StartAs(workflow::EXECUTION_STATE_FAILED);
  const v1::Schedule schedule =
      Check(Create(fmt::format(R"({{{},"pauseOnFailure":true}})", kEverySecond)), "create");
  const RunList runs = AwaitRuns(schedule.id(), AtLeast(1, v1::RUN_STATE_FAILED));
  REQUIRE(Count(runs, v1::RUN_STATE_FAILED) == 1);
  CHECK(runs[0].reason() == "Boom");
  const v1::Schedule paused = Get(schedule.id());
  CHECK(paused.status() == v1::SCHEDULE_STATUS_PAUSED);
  CHECK(paused.paused_by() == "failure");
}

TEST_CASE_METHOD(ServiceFixture, "a limit of runs ends the schedule") {
  const v1::Schedule schedule =
      Check(Create(fmt::format(R"({{{},"remainingRuns":2}})", kEverySecond)), "create");
  AwaitRuns(schedule.id(), AtLeast(2, v1::RUN_STATE_COMPLETED));
  const v1::Schedule ended = Get(schedule.id());
  CHECK(ended.status() == v1::SCHEDULE_STATUS_COMPLETED);
  CHECK(ended.remaining_runs() == 0);
  CHECK(engine.started().size() == 2);
}

TEST_CASE_METHOD(ServiceFixture, "a workflow that is not active is recorded as the reason") {
  engine.Refuse(rpc::ToGrpcStatus(
      WithReason(absl::FailedPreconditionError("only an active workflow"), "WORKFLOW_NOT_ACTIVE")));
  const v1::Schedule schedule = Check(Create(fmt::format("{{{}}}", kEverySecond)), "create");
  const RunList runs = AwaitRuns(schedule.id(), AtLeast(1, v1::RUN_STATE_SKIPPED));
  REQUIRE(Count(runs, v1::RUN_STATE_SKIPPED) >= 1);
  CHECK(runs.back().reason() == "WORKFLOW_NOT_ACTIVE");
}

TEST_CASE_METHOD(ServiceFixture, "an engine that is away is asked again, for the same") {
  engine.Refuse({grpc::StatusCode::UNAVAILABLE, "away"});
  const v1::Schedule schedule = Check(Create(fmt::format("{{{}}}", kFarAway)), "create");
  const v1::ScheduleRun run =
      Check(Call(&Stub::RunSchedule, For<v1::RunScheduleRequest>(schedule.id())), "run");
  CHECK(run.state() == v1::RUN_STATE_PENDING);
  AwaitRuns(schedule.id(), [](const RunList& runs) { return !runs[0].note().empty(); });
  engine.Refuse(grpc::Status::OK);
  const RunList runs = AwaitRuns(schedule.id(), AtLeast(1, v1::RUN_STATE_COMPLETED));
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].state() == v1::RUN_STATE_COMPLETED);
  CHECK(runs[0].origin() == v1::RUN_ORIGIN_RUN_NOW);
}

TEST_CASE_METHOD(ServiceFixture,
                 "a backfill runs what has not run, one after the other, and says how far it is") {
  const v1::Schedule schedule =
      Check(Create(R"({"spec":{"crons":[{"expression":"0 0 1 * *"}]}})"), "create");
  v1::BackfillScheduleRequest request = For<v1::BackfillScheduleRequest>(schedule.id());
  request.mutable_start_time()->set_seconds(1735689600);  // 2025-01-01
  request.mutable_end_time()->set_seconds(1743465600);    // 2025-04-01
  v1::Backfill backfill = Check(Call(&Stub::BackfillSchedule, request), "backfill");
  CHECK(backfill.total_instants() == 4);
  const RunList runs = AwaitRuns(schedule.id(), AtLeast(4, v1::RUN_STATE_COMPLETED));
  REQUIRE(runs.size() == 4);
  CHECK(runs[3].nominal_time().seconds() == 1735689600);
  CHECK(runs[3].origin() == v1::RUN_ORIGIN_BACKFILL);
  backfill = Check(Call(&Stub::GetBackfill, For<v1::GetBackfillRequest>(backfill.id())), "get");
  CHECK(backfill.state() == v1::BACKFILL_STATE_COMPLETED);
  CHECK(backfill.run_instants() == 4);
  // Again: everything has run.
  const auto again = Check(Call(&Stub::BackfillSchedule, request), "again");
  for (int i = 0; i < 1000; ++i) {
    backfill = Check(Call(&Stub::GetBackfill, For<v1::GetBackfillRequest>(again.id())), "get");
    if (backfill.state() == v1::BACKFILL_STATE_COMPLETED) break;
  }
  CHECK(backfill.earlier_instants() == 4);
  CHECK(engine.started().size() == 4);
  request.mutable_end_time()->set_seconds(4102444800);
  CHECK(FieldOf(Call(&Stub::BackfillSchedule, request).status()) == "end_time");
}

TEST_CASE_METHOD(ServiceFixture, "a schedule is nobody's but its tenant's and its project's") {
  const v1::Schedule schedule = Check(Create(fmt::format("{{{}}}", kFarAway)), "create");
  const auto get = For<v1::GetScheduleRequest>(schedule.id());
  CHECK(Call(&Stub::GetSchedule, get).ok());
  for (const std::string& key : {other.api_key, AddKeyOfOtherProject()}) {
    CHECK(absl::IsNotFound(Call(&Stub::GetSchedule, get, key).status()));
    CHECK(absl::IsNotFound(
        Call(&Stub::DeleteSchedule, For<v1::DeleteScheduleRequest>(schedule.id()), key).status()));
    CHECK(absl::IsNotFound(
        Call(&Stub::RunSchedule, For<v1::RunScheduleRequest>(schedule.id()), key).status()));
    v1::ListScheduleRunsRequest runs;
    runs.set_schedule_id(schedule.id());
    CHECK(absl::IsNotFound(Call(&Stub::ListScheduleRuns, runs, key).status()));
    CHECK(Check(Call(&Stub::ListSchedules, v1::ListSchedulesRequest(), key), "list").total_size() ==
          0);
    CHECK(absl::IsNotFound(Create(fmt::format("{{{}}}", kFarAway), key).status()));
  }
  CHECK(Check(Call(&Stub::ListSchedules, v1::ListSchedulesRequest()), "list").total_size() == 1);
}

TEST_CASE_METHOD(ServiceFixture, "an update changes what it names and nothing else") {
  const v1::Schedule schedule =
      Check(Create(fmt::format(R"({{{},"name":"a","data":1}})", kFarAway)), "create");
  v1::UpdateScheduleRequest request;
  request.mutable_schedule()->set_id(schedule.id());
  request.mutable_schedule()->set_etag(schedule.etag());
  request.mutable_schedule()->set_name("b");
  const v1::Schedule changed = Check(Call(&Stub::UpdateSchedule, request), "update");
  CHECK(changed.name() == "b");
  CHECK(changed.data().number_value() == 1);
  CHECK(changed.next_nominal_time().seconds() == schedule.next_nominal_time().seconds());
  CHECK(ReasonOf(Call(&Stub::UpdateSchedule, request).status()) == "ETAG_MISMATCH");
  request.mutable_schedule()->clear_etag();
  request.mutable_update_mask()->add_paths("status");
  CHECK(FieldOf(Call(&Stub::UpdateSchedule, request).status()) == "update_mask");
}

TEST_CASE_METHOD(ServiceFixture,
                 "a schedule that a trigger declares goes the way of its workflow") {
  const auto declare = [&](bool is_active, const std::string& declared) {
    Sql(fmt::format("SELECT schedule.declare_triggers('{}', '{}', {}, '{}')",
                    acme.tenant.ToString(), workflow, is_active, declared));
  };
  declare(true, R"([{"node_id":"tick","spec":{"intervals":[{"every":"1s"}]},"data":{"a":1}}])");
  const auto list = Check(Call(&Stub::ListSchedules, v1::ListSchedulesRequest()), "list");
  REQUIRE(list.schedules_size() == 1);
  const std::string id = list.schedules(0).id();
  CHECK(list.schedules(0).node_id() == "tick");
  AwaitRuns(id, AtLeast(2, v1::RUN_STATE_COMPLETED));
  CHECK(engine.started().begin()->first.ends_with("/tick"));
  v1::UpdateScheduleRequest update;
  update.mutable_schedule()->set_id(id);
  update.mutable_schedule()->set_name("mine");
  CHECK(ReasonOf(Call(&Stub::UpdateSchedule, update).status()) == "TRIGGER_SCHEDULE");
  CHECK(ReasonOf(Call(&Stub::DeleteSchedule, For<v1::DeleteScheduleRequest>(id)).status()) ==
        "TRIGGER_SCHEDULE");

  declare(false, "[]");
  CHECK(Get(id).paused_by() == "workflow");
  CHECK(ReasonOf(Call(&Stub::ResumeSchedule, For<v1::ResumeScheduleRequest>(id)).status()) ==
        "SCHEDULE_STATUS");
  declare(true, R"([{"node_id":"tick","spec":{"crons":[{"expression":"0 0 1 1 *"}]}}])");
  const v1::Schedule active = Get(id);
  CHECK(active.status() == v1::SCHEDULE_STATUS_ACTIVE);
  CHECK(active.spec().crons_size() == 1);

  Check(Call(&Stub::PauseSchedule, For<v1::PauseScheduleRequest>(id)), "pause");
  declare(true, R"([{"node_id":"tick","spec":{"crons":[{"expression":"0 0 2 1 *"}]}}])");
  CHECK(Get(id).paused_by() == "caller");
  declare(true, "[]");
  CHECK(Get(id).status() == v1::SCHEDULE_STATUS_COMPLETED);
}

TEST_CASE_METHOD(ServiceFixture,
                 "a spec that can't be read any more pauses its schedule and says why") {
  const v1::Schedule schedule = Check(Create(fmt::format("{{{}}}", kFarAway)), "create");
  Sql(
      fmt::format("UPDATE schedule.scheduled_events SET spec = jsonb_set(spec, '{{time_zone}}', "
                  "'\"Atlantis\"'), "
                  "nextrun = now() WHERE schedule_id = '{}'",
                  schedule.id()));
  v1::Schedule paused = Get(schedule.id());
  for (int i = 0; i < 10'000 && paused.status() != v1::SCHEDULE_STATUS_PAUSED; ++i)
    paused = Get(schedule.id());
  CHECK(paused.paused_by() == "spec");
  CHECK(paused.note().find("Atlantis") != std::string::npos);
}

}  // namespace
}  // namespace penstock::scheduler

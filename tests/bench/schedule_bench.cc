#include "tests/bench/schedule_bench.h"

#include "fmt/format.h"
#include "libs/status/macros.h"
#include "tests/bench/workflows.h"

namespace penstock::bench {
namespace {

constexpr int kDropAttempts = 10;

}  // namespace

absl::StatusOr<std::unique_ptr<ScheduleBench>> ScheduleBench::Create() {
  std::unique_ptr<ScheduleBench> bench(new ScheduleBench);
  ASSIGN_OR_RETURN(bench->deployment_, harness::Deployment::Start({.schedulers = 1}));
  harness::Deployment& deployment = *bench->deployment_;
  ASSIGN_OR_RETURN(CostMeter meter, CostMeter::Create(deployment));
  bench->meter_ = std::make_unique<CostMeter>(std::move(meter));
  ASSIGN_OR_RETURN(bench->connection_, postgres::Connection::Open(deployment.DatabaseConninfo(),
                                                                  absl::Seconds(10)));
  bench->stub_ = scheduler::v1::ScheduleService::NewStub(
      grpc::CreateChannel(deployment.SchedulerAddress(), grpc::InsecureChannelCredentials()));
  ASSIGN_OR_RETURN(workflow::v1::Workflow workflow,
                   harness::ParseWorkflow(WebhookFunctionResponse()));
  ASSIGN_OR_RETURN(workflow, harness::CreateAndPublish(deployment.clients(), workflow, "bench"));
  bench->workflow_ = workflow.id();
  return bench;
}

absl::StatusOr<postgres::Result> ScheduleBench::Sql(const std::string& text) {
  return connection_->Execute({"bench", text.c_str()});
}

absl::StatusOr<double> ScheduleBench::Number(const std::string& expression) {
  ASSIGN_OR_RETURN(postgres::Result row,
                   Sql(fmt::format("SELECT coalesce(({})::float8, 0)", expression)));
  return row.Get<double>(0, 0);
}

absl::Status ScheduleBench::Store(int count, const Kind& kind) {
  RETURN_IF_ERROR(Sql(fmt::format(R"sql(
    INSERT INTO schedule.scheduled_events
      (tenant_id, schedule_id, workflow_id, project_id, name, spec, data, decided_until, nextrun)
    SELECT w.tenant_id, gen_random_uuid(), w.workflow_id, w.project_id, 'bench', {}, '{{"message": "hello"}}', now(), {}
    FROM workflow.workflows w, generate_series(0, {}) AS n WHERE w.workflow_id = '{}')sql",
                                  kind.spec, kind.first_look, count - 1, workflow_))
                      .status());
  return Sql("ANALYZE schedule.scheduled_events").status();
}

absl::Status ScheduleBench::DropAll() {
  // What the scheduler is about to record of them takes the same rows in another order.
  for (int attempt = 1;; ++attempt) {
    const absl::Status dropped = Sql("DELETE FROM schedule.scheduled_events").status();
    if (!absl::IsAborted(dropped) || attempt == kDropAttempts) return dropped;
  }
}

}  // namespace penstock::bench

// W4: how late two-second waits end.
#include "fmt/format.h"
#include "libs/status/macros.h"
#include "tests/bench/scenarios.h"
#include "tests/bench/start_load.h"
#include "tests/bench/workflows.h"

namespace penstock::bench {
namespace {

constexpr int kWaits = 2000;
constexpr double kWaitMs = 2000;

// By the record: from the moment a wait was due to its recorded end.
constexpr postgres::Statement kLateness{"lateness", R"sql(
  SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY late_ms), percentile_cont(0.99) WITHIN GROUP (ORDER BY late_ms), count(*)
  FROM (SELECT extract(epoch FROM n.completed_at - n.started_at)::float8 * 1000 - $2 AS late_ms
        FROM workflow.node_executions n JOIN workflow.workflow_executions e USING (shard_id, execution_id)
        WHERE n.node_type = 'wait' AND e.workflow_id = $1 AND e.started_at >= $3) AS waits)sql"};

absl::StatusOr<Figure> MeasureOnce(Bench& bench, const std::string& variant,
                                   const WorkflowId& workflow, std::optional<double> per_second) {
  static constexpr postgres::Statement kNow{"now", "SELECT now()"};
  ASSIGN_OR_RETURN(
      std::unique_ptr<postgres::Connection> connection,
      postgres::Connection::Open(bench.deployment().DatabaseConninfo(), absl::Seconds(10)));
  ASSIGN_OR_RETURN(postgres::Result now, connection->Execute(kNow));
  LoadResult result = RunStartLoad(
      bench.deployment().clients(),
      {.workflow_id = workflow.ToString(), .starts = kWaits, .per_second = per_second});
  if (result.completed == 0) return absl::InternalError(result.first_failure);
  ASSIGN_OR_RETURN(postgres::Result late,
                   connection->Execute(kLateness, postgres::Params().Add(workflow).Add(kWaitMs).Add(
                                                      now.Get<absl::Time>(0, 0))));
  Figure figure{"W4", variant, {}};
  figure.Set("per_second", result.per_second());
  figure.Set("failed", static_cast<double>(result.failed));
  figure.Set("late_p50_ms", late.Get<double>(0, 0));
  figure.Set("late_p99_ms", late.Get<double>(0, 1));
  figure.Set("seen_late_p50_ms", result.latencies.PercentileMs(0.50) - kWaitMs);
  figure.Set("seen_late_p99_ms", result.latencies.PercentileMs(0.99) - kWaitMs);
  return figure;
}

}  // namespace

absl::Status MeasureWaits(Bench& bench) {
  ASSIGN_OR_RETURN(std::string id, bench.Publish(Wait("2s", "w4")));
  WorkflowId workflow = *WorkflowId::Parse(id);
  RETURN_IF_ERROR(
      bench.Repeat([&] { return MeasureOnce(bench, "2,000 waits, 200/s", workflow, 200); }));
  return bench.Repeat(
      [&] { return MeasureOnce(bench, "2,000 waits, one burst", workflow, std::nullopt); });
}

}  // namespace penstock::bench

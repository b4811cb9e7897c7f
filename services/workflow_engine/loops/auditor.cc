#include "services/workflow_engine/loops/auditor.h"

#include <utility>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "libs/log/log.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/storage/audit_queries.h"

namespace penstock::workflow_engine {
namespace {

using postgres::Array;
using postgres::Params;
using postgres::Result;

template <typename T>
std::vector<std::vector<T>> Split(size_t groups) {
  return std::vector<std::vector<T>>(groups);
}

}  // namespace

Auditor::Auditor(Options options, postgres::Pool& engine_pool, ShardMap& shards, std::vector<ShardGroup*> groups, const Clock& clock,
                 metrics::Registry& registry)
    : options_(options),
      pool_(engine_pool),
      shards_(shards),
      groups_(std::move(groups)),
      clock_(clock),
      stuck_(registry.Gauge("penstock_engine_stuck_nodes", "What the last audit found stuck; it repairs what it finds")),
      repaired_(registry.Counter("penstock_engine_stuck_nodes_repaired_total", "What audits found stuck and set going again")),
      loop_({.name = "auditor", .period = options.period, .run_at_start = false}, [this] { return RunOnce().status(); }, clock, &registry) {}

absl::StatusOr<AuditFindings> Auditor::RunOnce() {
  Array<int32_t> shards;
  for (ShardId shard : shards_.Owned()) shards.Append(shard);
  AuditFindings findings;
  if (shards.size() == 0) return findings;
  absl::Time before = clock_.Now() - options_.grace;
  auto executions = Split<ExecutionId>(groups_.size());
  auto leased = Split<ExecutionId>(groups_.size());
  auto timers = Split<LoadedTimer>(groups_.size());
  {
    ASSIGN_OR_RETURN(postgres::Pool::Handle connection, pool_.Acquire());
    ASSIGN_OR_RETURN(Result unheld, connection->Execute(queries::kAuditExecutions,
                                                        std::move(Params().Add(shards).Add(before).Add(options_.max_findings))));
    for (int r = 0; r < unheld.rows(); ++r) {
      ExecutionId id = unheld.Get<ExecutionId>(r, 0);
      std::string_view reason = unheld.Get<std::string_view>(r, 1);
      if (reason == "lease") {
        leased[ShardOf(id) % groups_.size()].push_back(id);
        continue;
      }
      ++(reason == "no_timer" ? findings.without_timer : findings.without_open_node);
      executions[ShardOf(id) % groups_.size()].push_back(id);
    }
    ASSIGN_OR_RETURN(Result overdue, connection->Execute(queries::kAuditTimers,
                                                         std::move(Params().Add(shards).Add(before).Add(options_.max_findings))));
    for (int r = 0; r < overdue.rows(); ++r) {
      TimerPurpose purpose = overdue.Get<std::string_view>(r, 1) == TimerPurposeName(TimerPurpose::kNode) ? TimerPurpose::kNode
                                                                                                           : TimerPurpose::kExecutionTimeout;
      ExecutionId id = overdue.Get<ExecutionId>(r, 0);
      timers[ShardOf(id) % groups_.size()].push_back({id, purpose, overdue.Get<std::string>(r, 2), overdue.Get<int32_t>(r, 3), overdue.Get<absl::Time>(r, 4)});
      ++findings.overdue;
    }
  }
  // A lease is ours to keep as long as the execution is in memory; only a group knows.
  absl::BlockingCounter answered(static_cast<int>(groups_.size()));
  absl::Mutex mutex;
  for (size_t g = 0; g < groups_.size(); ++g) {
    groups_[g]->AddTimers(std::move(timers[g]));
    groups_[g]->Recover(std::move(executions[g]));
    groups_[g]->Recover(std::move(leased[g]), [&](int loaded) {
      {
        absl::MutexLock lock(&mutex);
        findings.leased_not_live += loaded;
      }
      answered.DecrementCount();
    });
  }
  answered.Wait();
  stuck_.Set(findings.total());
  if (findings.total() > 0) {
    repaired_.Increment(findings.total());
    log::Error("the audit found stuck work and set it going again", {{"without_open_node", findings.without_open_node},
                                                                     {"without_timer", findings.without_timer},
                                                                     {"overdue", findings.overdue},
                                                                     {"leased_not_live", findings.leased_not_live}});
  }
  return findings;
}

}  // namespace penstock::workflow_engine

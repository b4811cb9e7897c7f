#include "tests/bench/cost.h"

#include <unistd.h>

#include "libs/status/macros.h"
#include "tests/harness/process_tree.h"

namespace penstock::bench {
namespace {

constexpr postgres::Statement kReadCounters{"read_counters", R"sql(
  SELECT d.xact_commit,
         (pg_current_wal_insert_lsn() - '0/0')::bigint,
         w.wal_sync,
         (SELECT coalesce(sum(n_tup_upd + n_tup_del), 0)::bigint FROM pg_stat_user_tables)
  FROM pg_stat_database d, pg_stat_wal w WHERE d.datname = current_database())sql"};

}  // namespace

Cost Cost::operator-(const Cost& earlier) const {
  Cost difference{commits - earlier.commits, wal_bytes - earlier.wal_bytes,
                  wal_syncs - earlier.wal_syncs, dead_tuples - earlier.dead_tuples, cpu_seconds};
  for (auto& [name, seconds] : difference.cpu_seconds) {
    auto found = earlier.cpu_seconds.find(name);
    if (found != earlier.cpu_seconds.end()) seconds -= found->second;
  }
  return difference;
}

absl::StatusOr<CostMeter> CostMeter::Create(harness::Deployment& deployment) {
  ASSIGN_OR_RETURN(std::unique_ptr<postgres::Connection> connection,
                   postgres::Connection::Open(deployment.DatabaseConninfo(), absl::Seconds(10)));
  return CostMeter(deployment, std::move(connection));
}

template <typename Visit>
void CostMeter::ForEachProcess(Visit visit) const {
  auto visit_tree = [&](pid_t root, const char* root_name, const char* children_name) {
    visit(root, root_name);
    for (pid_t pid : harness::DescendantsOf(root)) visit(pid, children_name);
  };
  visit_tree(deployment_->postgres().pid(), "postgres", "postgres");
  visit_tree(deployment_->engine().pid(), "engine", "sandbox");
  visit_tree(deployment_->interfaces().pid(), "interfaces", "interfaces");
  for (int i = 0; i < deployment_->schedulers(); ++i) {
    visit_tree(deployment_->scheduler(i).pid(), "scheduler", "scheduler");
  }
}

absl::StatusOr<Cost> CostMeter::Read() {
  ASSIGN_OR_RETURN(postgres::Result row, connection_->Execute(kReadCounters));
  Cost cost{row.Get<int64_t>(0, 0),
            row.Get<int64_t>(0, 1),
            row.Get<int64_t>(0, 2),
            row.Get<int64_t>(0, 3),
            {}};
  ForEachProcess(
      [&](pid_t pid, const char* name) { cost.cpu_seconds[name] += harness::CpuSecondsOf(pid); });
  cost.cpu_seconds["load"] = harness::OwnCpuSecondsOf(getpid());
  return cost;
}

std::map<std::string, double> CostMeter::MemoryMb() const {
  std::map<std::string, double> memory_mb;
  ForEachProcess(
      [&](pid_t pid, const char* name) { memory_mb[name] += harness::PssBytesOf(pid) / 1e6; });
  return memory_mb;
}

void SetCost(const Cost& cost, double executions, Figure& figure) {
  figure.Set("commits_each", cost.commits / executions);
  figure.Set("wal_bytes_each", cost.wal_bytes / executions);
  figure.Set("syncs_each", cost.wal_syncs / executions);
  figure.Set("dead_tuples_each", cost.dead_tuples / executions);
  double servers = 0;
  for (const auto& [name, seconds] : cost.cpu_seconds) {
    figure.Set("cpu_" + name + "_ms_each", seconds * 1000 / executions);
    if (name != "load") servers += seconds;
  }
  figure.Set("cpu_ms_each", servers * 1000 / executions);
}

void SetMemory(const std::map<std::string, double>& memory_mb, Figure& figure) {
  double total = 0;
  for (const auto& [name, megabytes] : memory_mb) {
    figure.Set("memory_" + name + "_mb", megabytes);
    total += megabytes;
  }
  figure.Set("memory_mb", total);
}

}  // namespace penstock::bench

// What the servers spent: counters of PostgreSQL and of the kernel, read before and after a load.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/postgres/connection.h"
#include "tests/bench/figure.h"
#include "tests/harness/deployment.h"

namespace penstock::bench {

struct Cost {
  int64_t commits = 0;
  int64_t wal_bytes = 0;
  int64_t wal_syncs = 0;
  int64_t dead_tuples = 0;  // row versions that an UPDATE or DELETE left behind
  // "postgres", "engine", "sandbox", "interfaces", "scheduler", "load" (the generator itself)
  std::map<std::string, double> cpu_seconds;

  Cost operator-(const Cost& earlier) const;
};

class CostMeter {
 public:
  static absl::StatusOr<CostMeter> Create(harness::Deployment& deployment);

  absl::StatusOr<Cost> Read();
  // Proportional set size by process, in MB.
  std::map<std::string, double> MemoryMb() const;

 private:
  CostMeter(harness::Deployment& deployment, std::unique_ptr<postgres::Connection> connection)
      : deployment_(&deployment), connection_(std::move(connection)) {}
  // Calls `visit` with each server process and the name it counts under.
  template <typename Visit>
  void ForEachProcess(Visit visit) const;

  harness::Deployment* deployment_;
  std::unique_ptr<postgres::Connection> connection_;
};

// Sets what `executions` executions cost each, and the totals over processes.
void SetCost(const Cost& cost, double executions, Figure& figure);
void SetMemory(const std::map<std::string, double>& memory_mb, Figure& figure);

}  // namespace penstock::bench

// Starting an execution by hand, as opposed to by a delivery: resolve the workflow, honour the
// idempotency key, begin.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/ids/uuid.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/postgres/pool.h"
#include "services/workflow_engine/engine/definitions.h"
#include "services/workflow_engine/engine/shard_group.h"
#include "services/workflow_engine/ingress/forwarder.h"
#include "services/workflow_engine/ingress/routes.h"
#include "services/workflow_engine/ingress/starter.h"

namespace penstock::workflow_engine {

struct StartCommand {
  TenantId tenant;
  WorkflowId workflow;
  int version = 0;              // 0 = the latest published
  std::string input;            // JSON text
  std::string idempotency_key;  // empty = none; its shard is ours
  WaitFor wait_for = WaitFor::kStarted;
  absl::Time deadline = absl::InfiniteFuture();  // of the wait
};

struct StartResult {
  ExecutionId id;
  // Absent when it is not in memory here: an earlier start with the same key made it, or it went on at
  // another engine. The database has it.
  std::optional<ExecutionSnapshot> snapshot;
};

class StartExecution {
 public:
  using Done = std::function<void(absl::StatusOr<StartResult>)>;

  StartExecution(const Clock& clock, postgres::Pool& server_pool, Routes& routes,
                 Definitions& definitions, Starter& starter, Forwarder& forwarder,
                 lifecycle::ThreadPool& workers);

  // Never blocks; `done` is called once, from any thread, after the commit that the caller waits
  // for, also when the execution moves to another engine meanwhile. NOT_FOUND for an unknown workflow or version, FAILED_PRECONDITION (reason
  // WORKFLOW_NOT_ACTIVE) for one that is not active. A key that was used answers as it did, whatever has become of the workflow since.
  void Run(StartCommand command, Done done);

 private:
  struct Plan;
  bool PlanFromMemory(const StartCommand& command, Plan& plan);
  absl::StatusOr<Plan> MakePlan(const StartCommand& command);
  absl::Status WhyNotActive(const StartCommand& command);
  // A start by schedule begins with the trigger node that its key names.
  static absl::Status ChooseTrigger(const StartCommand& command, Plan& plan);
  void Begin(StartCommand command, absl::StatusOr<Plan> plan, Done done);
  // Answers with what a wait has come to, or takes it up where the execution has moved to.
  void Finish(const StartCommand& command, ExecutionId id,
              const absl::StatusOr<ExecutionSnapshot>& snapshot, const Done& done);
  absl::Status Send(const StartCommand& command, const Plan& plan, ExecutionId id,
                    std::optional<KeyRow> key, WaitFor wait_for, Waiter waiter);

  const Clock& clock_;
  postgres::Pool& pool_;
  Routes& routes_;
  Definitions& definitions_;
  Starter& starter_;
  Forwarder& forwarder_;
  lifecycle::ThreadPool& workers_;
};

}  // namespace penstock::workflow_engine

#include "services/workflow_engine/ops/start_execution.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "libs/crypto/hash.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/ingress/delivery.h"
#include "services/workflow_engine/ops/scheduled_start.h"
#include "services/workflow_engine/storage/start_queries.h"

namespace penstock::workflow_engine {
namespace {

std::string RequestHash(const StartCommand& command) {
  return crypto::Sha256(
      fmt::format("{}\n{}\n{}", command.workflow.ToString(), command.version, command.input));
}

// Whether there is nothing left to wait for.
bool Suffices(const ExecutionSnapshot& snapshot, WaitFor wait_for) {
  return wait_for == WaitFor::kStarted || IsOver(snapshot.state) ||
         (wait_for == WaitFor::kResponse && snapshot.response.has_value());
}

}  // namespace

struct StartExecution::Plan {
  int version = 0;
  std::shared_ptr<const Graph> graph;
  int trigger_node = 0;
};

StartExecution::StartExecution(const Clock& clock, postgres::Pool& server_pool, Routes& routes,
                               Definitions& definitions, Starter& starter,
                               Forwarder& forwarder, lifecycle::ThreadPool& workers)
    : clock_(clock),
      pool_(server_pool),
      routes_(routes),
      definitions_(definitions),
      starter_(starter),
      forwarder_(forwarder),
      workers_(workers) {}

void StartExecution::Run(StartCommand command, Done done) {
  Plan plan;
  if (PlanFromMemory(command, plan))
    return Begin(std::move(command), std::move(plan), std::move(done));
  auto shared =
      std::make_shared<std::pair<StartCommand, Done>>(std::move(command), std::move(done));
  absl::Status queued = workers_.Submit([this, shared] {
    absl::StatusOr<Plan> made = MakePlan(shared->first);
    // With a key it may have been started before, which must not be denied now.
    if (!made.ok() && shared->first.idempotency_key.empty()) return shared->second(made.status());
    Begin(std::move(shared->first), std::move(made), std::move(shared->second));
  });
  if (!queued.ok()) shared->second(queued);
}

bool StartExecution::PlanFromMemory(const StartCommand& command, Plan& plan) {
  std::shared_ptr<const TenantRoutes> routes = routes_.Cached(command.tenant);
  const TriggerRoute* route = routes ? routes->ForManualStart(command.workflow) : nullptr;
  if (route == nullptr || (command.version != 0 && command.version != route->version)) return false;
  plan.version = route->version;
  plan.graph = definitions_.Cached(command.tenant, command.workflow, plan.version);
  if (!plan.graph) return false;
  plan.trigger_node = plan.graph->FindNode(route->node_id);
  return plan.trigger_node >= 0;
}

absl::StatusOr<StartExecution::Plan> StartExecution::MakePlan(const StartCommand& command) {
  ASSIGN_OR_RETURN(std::shared_ptr<const TenantRoutes> routes, routes_.Get(command.tenant));
  const TriggerRoute* route = routes->ForManualStart(command.workflow);
  if (route == nullptr) return WhyNotActive(command);
  Plan plan;
  plan.version = command.version == 0 ? route->version : command.version;
  ASSIGN_OR_RETURN(plan.graph, definitions_.Get(command.tenant, command.workflow, plan.version));
  if (plan.version == route->version) {
    plan.trigger_node = plan.graph->FindNode(route->node_id);
    return plan;
  }
  // An older version: its own manual trigger, else its first.
  plan.trigger_node = plan.graph->triggers().front().node;
  for (const GraphTrigger& trigger : plan.graph->triggers()) {
    if (trigger.trigger_type == kManualTrigger) plan.trigger_node = trigger.node;
  }
  return plan;
}

absl::Status StartExecution::WhyNotActive(const StartCommand& command) {
  ASSIGN_OR_RETURN(
      std::string status,
      postgres::RunInTransactionReturning<std::string>(
          pool_, {.tenant = command.tenant},
          [&](postgres::Connection& connection) -> absl::StatusOr<std::string> {
            ASSIGN_OR_RETURN(
                postgres::Result row,
                connection.Execute(
                    queries::kFindWorkflowStatus,
                    std::move(postgres::Params().Add(command.tenant).Add(command.workflow))));
            if (row.rows() == 0) return absl::NotFoundError("no workflow of this id");
            return row.Get<std::string>(0, 0);
          }));
  return WithReason(absl::FailedPreconditionError(fmt::format(
                        "only an active workflow can be started; this one is {}", status)),
                    "WORKFLOW_NOT_ACTIVE", {{"status", status}});
}

void StartExecution::Finish(const StartCommand& command, ExecutionId id,
                            const absl::StatusOr<ExecutionSnapshot>& snapshot, const Done& done) {
  if (snapshot.ok()) return done(StartResult{id, *snapshot});
  if (!HasMoved(snapshot.status())) return done(snapshot.status());
  forwarder_.Await(command.tenant, {id, command.wait_for}, command.deadline,
                   [id, done](const absl::StatusOr<DeliveryAnswer>& answer) {
                     if (!answer.ok()) return done(answer.status());
                     done(StartResult{id, std::nullopt});
                   });
}

absl::Status StartExecution::ChooseTrigger(const StartCommand& command, Plan& plan) {
  const std::string_view node = ScheduledNode(command.idempotency_key);
  if (node.empty()) return absl::OkStatus();
  for (const GraphTrigger& trigger : plan.graph->triggers()) {
    if (plan.graph->nodes()[trigger.node].definition.id != node) continue;
    plan.trigger_node = trigger.node;
    return absl::OkStatus();
  }
  return WithReason(absl::FailedPreconditionError(
                        fmt::format("version {} has no trigger \"{}\"", plan.version, node)),
                    "TRIGGER_NOT_FOUND");
}

void StartExecution::Begin(StartCommand command, absl::StatusOr<Plan> plan, Done done) {
  if (plan.ok()) {
    if (absl::Status chosen = ChooseTrigger(command, *plan); !chosen.ok()) plan = chosen;
  }
  if (command.idempotency_key.empty()) {
    absl::StatusOr<ExecutionId> id = starter_.NewId();
    if (!id.ok()) return done(id.status());
    auto shared = std::make_shared<StartCommand>(std::move(command));
    absl::Status sent = Send(*shared, *plan, *id, std::nullopt, shared->wait_for,
                             [this, shared, done, id = *id](const absl::StatusOr<ExecutionSnapshot>& snapshot) {
                               Finish(*shared, id, snapshot, done);
                             });
    if (!sent.ok()) done(sent);
    return;
  }
  auto shared = std::make_shared<StartCommand>(std::move(command));
  // As of its first commit, which a short execution does not outlive in memory.
  auto begun = std::make_shared<std::optional<ExecutionSnapshot>>();
  starter_.RunKeyed({
      .tenant = shared->tenant,
      .key = shared->idempotency_key,
      .request_hash = RequestHash(*shared),
      .any_request = false,
      .place = std::nullopt,
      .start =
          [this, shared, begun, plan = std::move(plan)](
              KeyRow row, std::function<void(const absl::Status&)> committed) {
            if (!plan.ok()) return committed(plan.status());
            ExecutionId id = row.execution;
            absl::Status sent =
                Send(*shared, *plan, id, std::move(row), WaitFor::kStarted,
                     [begun, committed](const absl::StatusOr<ExecutionSnapshot>& snapshot) {
                       if (snapshot.ok()) *begun = *snapshot;
                       committed(snapshot.status());
                     });
            if (!sent.ok()) committed(sent);
          },
      .done =
          [this, shared, begun, done](const absl::StatusOr<Starter::KeyedOutcome>& outcome) {
            if (!outcome.ok()) return done(outcome.status());
            ExecutionId id = outcome->execution;
            if (*begun && Suffices(**begun, shared->wait_for)) return done(StartResult{id, **begun});
            starter_.GroupOf(ShardOf(id))
                .Wait(id, shared->tenant, shared->wait_for,
                      [this, shared, done, id](const absl::StatusOr<ExecutionSnapshot>& snapshot) {
                        if (absl::IsNotFound(snapshot.status()))
                          return done(StartResult{id, std::nullopt});
                        Finish(*shared, id, snapshot, done);
                      });
          },
  });
}

absl::Status StartExecution::Send(const StartCommand& command, const Plan& plan, ExecutionId id,
                                  std::optional<KeyRow> key, WaitFor wait_for, Waiter waiter) {
  auto identity = std::make_shared<ExecutionIdentity>();
  identity->id = id;
  identity->tenant = command.tenant;
  identity->workflow = command.workflow;
  identity->version = plan.version;
  const std::string_view type = IsScheduledKey(command.idempotency_key) ? kScheduleTrigger : kManualTrigger;
  identity->trigger_type = type;
  identity->trigger_node = plan.graph->nodes()[plan.trigger_node].definition.id;
  // The instant has come, says the database, from which our clock may be a little off.
  identity->started_at = std::max(clock_.Now(), ScheduledInstant(command.idempotency_key).value_or(absl::InfinitePast()));
  identity->input = TriggerOutput(type, command.input, identity->started_at, nullptr, nullptr);
  identity->idempotency_key = command.idempotency_key;
  return starter_.GroupOf(ShardOf(id))
      .Start({.identity = std::move(identity),
              .graph = plan.graph,
              .trigger_node = plan.trigger_node,
              .key = std::move(key),
              .wait_for = wait_for,
              .waiter = std::move(waiter)});
}

}  // namespace penstock::workflow_engine

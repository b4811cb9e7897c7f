#include "services/workflow_engine/rpc/start_request.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "libs/ids/platform.h"
#include "libs/json/proto_json.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/domain/call_depth.h"
#include "services/workflow_engine/ops/get_execution.h"
#include "services/workflow_engine/ops/scheduled_start.h"
#include "services/workflow_engine/rpc/convert_execution.h"
#include "services/workflow_engine/rpc/convert_snapshot.h"

namespace penstock::workflow_engine {

namespace v1 = workflow::v1;
using auth::CallContext;
using ExecutionDone = rpc::Done<v1::Execution>;

namespace {

constexpr size_t kMaxKeyBytes = 255;
constexpr size_t kMaxSignalNameBytes = 100;
constexpr size_t kMaxSignalBytes = 1 << 20;

WaitFor WaitForOf(v1::WaitMode mode) {
  switch (mode) {
    case v1::WAIT_MODE_COMPLETED: return WaitFor::kCompleted;
    case v1::WAIT_MODE_RESPONSE: return WaitFor::kResponse;
    default: return WaitFor::kStarted;
  }
}

v1::WaitMode ToProto(WaitFor wait_for) {
  switch (wait_for) {
    case WaitFor::kCompleted: return v1::WAIT_MODE_COMPLETED;
    case WaitFor::kResponse: return v1::WAIT_MODE_RESPONSE;
    default: return v1::WAIT_MODE_NONE;
  }
}

// Answers from the database, without node executions, as all answers but GetExecution's are.
void AnswerFromDatabase(postgres::Pool& pool, lifecycle::ThreadPool& workers, TenantId tenant, ExecutionId id, ExecutionDone done) {
  absl::Status queued = workers.Submit([&pool, tenant, id, done] {
    CallContext caller;
    caller.tenant = tenant;
    absl::StatusOr<ExecutionRecord> record = GetExecution(pool, caller, id);
    if (!record.ok()) return done(record.status());
    v1::Execution execution = ToProto(*record);
    execution.clear_node_executions();
    done(std::move(execution));
  });
  if (!queued.ok()) done(queued);
}

absl::StatusOr<TenantId> ParseTenant(const std::string& text) {
  std::optional<TenantId> tenant = TenantId::Parse(text);
  if (!tenant) return InvalidField("tenant_id", "must be a UUID");
  return *tenant;
}

}  // namespace

absl::StatusOr<ExecutionId> ParseExecutionId(const std::string& text) {
  std::optional<ExecutionId> id = ExecutionId::Parse(text);
  if (!id) return InvalidField("id", text.empty() ? "is required" : "must be a UUID");
  return *id;
}

absl::StatusOr<StartCommand> FromProto(const CallContext& caller, const v1::StartExecutionRequest& request) {
  std::vector<FieldViolation> violations;
  StartCommand command;
  command.tenant = caller.tenant;
  command.deadline = caller.deadline;
  std::optional<WorkflowId> workflow = WorkflowId::Parse(request.workflow_id());
  if (!workflow) violations.push_back({"workflow_id", request.workflow_id().empty() ? "is required" : "must be a UUID"});
  command.workflow = workflow.value_or(WorkflowId());
  // What they do is asked for by calls with checks of their own.
  if (caller.tenant == kPlatformTenant && IsPlatformWorkflow(command.workflow) && !caller.is_service()) {
    return WithReason(absl::PermissionDeniedError("this workflow is started by Penstock's services only"), "SERVICE_ONLY");
  }
  if (request.version() < 0) violations.push_back({"version", "must not be negative; 0 means the latest"});
  command.version = request.version();
  if (request.idempotency_key().size() > kMaxKeyBytes) violations.push_back({"idempotency_key", "must be at most 255 bytes"});
  if (IsScheduledKey(request.idempotency_key()) && caller.service != kSchedulerService) {
    violations.push_back({"idempotency_key", "must not begin with \"schedule/\": such keys are the scheduler's"});
  }
  if (IsInterfaceKey(request.idempotency_key()) && caller.service != kInterfacesService) {
    violations.push_back({"idempotency_key", "must not begin with \"interface/\": such keys are those of service interfaces"});
  }
  command.idempotency_key = request.idempotency_key();
  if (!v1::WaitMode_IsValid(request.wait_mode())) violations.push_back({"wait_mode", "is not a wait mode"});
  command.wait_for = WaitForOf(request.wait_mode());
  absl::StatusOr<std::string> input = json::FromProto(request.input());
  if (!input.ok()) violations.push_back({"input", std::string(input.status().message())});
  if (!violations.empty()) return BadRequest(violations);
  command.input = *std::move(input);
  return command;
}

v1::ForwardStartRequest ToForward(const StartCommand& command) {
  v1::ForwardStartRequest request;
  request.set_tenant_id(command.tenant.ToString());
  request.set_workflow_id(command.workflow.ToString());
  request.set_version(command.version);
  request.set_input_json(command.input);
  request.set_idempotency_key(command.idempotency_key);
  request.set_wait_mode(ToProto(command.wait_for));
  return request;
}

absl::StatusOr<StartCommand> FromForward(const CallContext& caller, const v1::ForwardStartRequest& request) {
  StartCommand command;
  command.deadline = caller.deadline;
  ASSIGN_OR_RETURN(command.tenant, ParseTenant(request.tenant_id()));
  std::optional<WorkflowId> workflow = WorkflowId::Parse(request.workflow_id());
  if (!workflow) return InvalidField("workflow_id", "must be a UUID");
  command.workflow = *workflow;
  command.version = request.version();
  command.input = request.input_json();
  command.idempotency_key = request.idempotency_key();
  command.wait_for = WaitForOf(request.wait_mode());
  return command;
}

namespace {

constexpr std::array<std::pair<Control, v1::ControlAction>, 5> kActions{{
    {Control::kCancel, v1::CONTROL_ACTION_CANCEL},
    {Control::kTerminate, v1::CONTROL_ACTION_TERMINATE},
    {Control::kPause, v1::CONTROL_ACTION_PAUSE},
    {Control::kResume, v1::CONTROL_ACTION_RESUME},
    {Control::kSignal, v1::CONTROL_ACTION_SIGNAL},
}};

}  // namespace

v1::ForwardControlRequest ToForward(ExecutionId id, const Steering& steering) {
  v1::ForwardControlRequest request;
  request.set_execution_id(id.ToString());
  request.set_action(std::ranges::find(kActions, steering.control, &std::pair<Control, v1::ControlAction>::first)->second);
  request.set_reason(steering.reason);
  if (steering.control == Control::kSignal) {
    v1::Signal& signal = *request.mutable_signal();
    signal.set_name(steering.signal.name);
    signal.set_payload_json(*steering.signal.payload);
    signal.set_dedupe_id(steering.signal.dedupe_id);
  }
  return request;
}

absl::StatusOr<SteerCommand> FromForward(const v1::ForwardControlRequest& request) {
  SteerCommand command;
  ASSIGN_OR_RETURN(command.id, ParseExecutionId(request.execution_id()));
  auto action = std::ranges::find(kActions, request.action(), &std::pair<Control, v1::ControlAction>::second);
  if (action == kActions.end()) return InvalidField("action", "is required");
  command.steering = {.control = action->first,
                      .reason = request.reason(),
                      .signal = {.name = request.signal().name(),
                                 .dedupe_id = request.signal().dedupe_id(),
                                 .payload = MakeText(request.signal().payload_json())}};
  return command;
}

absl::StatusOr<Signal> FromProto(const v1::SignalExecutionRequest& request) {
  std::vector<FieldViolation> violations;
  if (request.name().empty() || request.name().size() > kMaxSignalNameBytes) {
    violations.push_back({"name", fmt::format("must be 1 to {} bytes", kMaxSignalNameBytes)});
  }
  if (request.dedupe_id().size() > kMaxKeyBytes) violations.push_back({"dedupe_id", "must be at most 255 bytes"});
  absl::StatusOr<std::string> payload = json::FromProto(request.payload());
  if (!payload.ok()) {
    violations.push_back({"payload", std::string(payload.status().message())});
  } else if (payload->size() > kMaxSignalBytes) {
    violations.push_back({"payload", "must be at most 1 MiB"});
  }
  if (!violations.empty()) return BadRequest(violations);
  return Signal{.name = request.name(), .dedupe_id = request.dedupe_id(), .payload = MakeText(*std::move(payload))};
}

void RunStart(StartExecution& start, postgres::Pool& pool, lifecycle::ThreadPool& workers, StartCommand command, ExecutionDone done) {
  TenantId tenant = command.tenant;
  start.Run(std::move(command), [&pool, &workers, tenant, done = std::move(done)](absl::StatusOr<StartResult> result) {
    if (!result.ok()) return done(result.status());
    if (result->snapshot) return done(ToProto(*result->snapshot));
    AnswerFromDatabase(pool, workers, tenant, result->id, done);
  });
}

void RunSteer(ShardGroup& group, postgres::Pool& pool, lifecycle::ThreadPool& workers, const CallContext& caller, SteerCommand command,
              ExecutionDone done) {
  ExecutionId id = command.id;
  TenantId tenant = caller.tenant;
  SteerExecution(group, pool, workers, std::move(command),
                 [&pool, &workers, tenant, id, done = std::move(done)](absl::StatusOr<std::optional<ExecutionSnapshot>> snapshot) {
                   if (!snapshot.ok()) return done(snapshot.status());
                   if (snapshot->has_value()) return done(ToProto(**snapshot));
                   AnswerFromDatabase(pool, workers, tenant, id, done);
                 });
}

}  // namespace penstock::workflow_engine

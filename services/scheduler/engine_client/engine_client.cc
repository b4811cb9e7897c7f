#include "services/scheduler/engine_client/engine_client.h"

#include <algorithm>
#include <utility>

#include "grpc/health/v1/health.grpc.pb.h"
#include "libs/grpc/channel.h"
#include "libs/grpc/status_conversion.h"
#include "libs/json/proto_json.h"
#include "libs/status/details.h"
#include "services/scheduler/domain/schedule.h"

namespace penstock::scheduler {

namespace v1 = workflow::v1;

namespace {

// Most runs have ended by then, and one call has told both.
constexpr absl::Duration kEndsSoon = absl::Seconds(1);
// All calls of a task together end before its lease does (ops/firing.h).
constexpr absl::Duration kTimeout = absl::Seconds(5);
constexpr absl::Duration kFirstRetry = absl::Milliseconds(500);
constexpr absl::Duration kLastRetry = absl::Seconds(30);
constexpr absl::Duration kFirstLook = absl::Seconds(1);
constexpr absl::Duration kLastLook = absl::Minutes(5);
constexpr absl::Duration kCancelLook = absl::Seconds(1);
constexpr char kReplaced[] = "a later run of its schedule takes its place";

absl::Duration RetryDelay(int attempts) {
  return std::min(kLastRetry, kFirstRetry * (1 << std::min(attempts, 10)));
}

absl::Time TimeFrom(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

RunState StateFrom(v1::ExecutionState state) {
  switch (state) {
    case v1::EXECUTION_STATE_COMPLETED:
      return RunState::kCompleted;
    case v1::EXECUTION_STATE_FAILED:
      return RunState::kFailed;
    case v1::EXECUTION_STATE_CANCELLED:
      return RunState::kCancelled;
    case v1::EXECUTION_STATE_TIMED_OUT:
      return RunState::kTimedOut;
    case v1::EXECUTION_STATE_TERMINATED:
      return RunState::kTerminated;
    default:
      return RunState::kRunning;
  }
}

// Whether the engine has said no, and will again.
bool IsRefusal(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
      return true;
    default:
      return false;
  }
}

void TakeExecution(const v1::Execution& execution, const storage::RunTask& task,
                   storage::RunResult& result) {
  result.state = StateFrom(execution.state());
  result.execution = ExecutionId::Parse(execution.id());
  if (execution.has_start_time()) result.started_at = TimeFrom(execution.start_time());
  if (result.state == RunState::kRunning) {
    result.delay =
        task.stop != Stop::kNone ? kCancelLook : std::clamp(task.age / 2, kFirstLook, kLastLook);
    return;
  }
  if (execution.has_end_time()) result.ended_at = TimeFrom(execution.end_time());
  if (execution.has_error()) {
    result.reason = execution.error().type();
    result.note = execution.error().message();
  }
}

void TakeError(const absl::Status& status, const storage::RunTask& task,
               storage::RunResult& result) {
  result.note = std::string(status.message());
  result.reason = ReasonOf(status);
  // gRPC's own words about a connection name addresses, which are no tenant's business.
  if (result.reason.empty() && !IsRefusal(status)) {
    result.reason = "ENGINE_UNREACHABLE";
    result.note = "the workflow engine gave no answer";
  }
  if (!IsRefusal(status)) {
    result.state = task.state;
    result.is_answer = false;
    result.delay = RetryDelay(task.attempts);
  } else if (task.state == RunState::kRunning) {
    // Its execution is gone: how it ended can't be known any more.
    result.state = RunState::kFailed;
    result.reason = "EXECUTION_NOT_FOUND";
  } else if (ReasonOf(status) == kWorkflowNotActive) {
    result.state = RunState::kSkipped;
  } else {
    result.state = RunState::kFailed;
    result.reason = kStartRefused;
  }
}

}  // namespace

struct EngineClient::Call {
  grpc::ClientContext context;
  v1::StartExecutionRequest start;
  v1::GetExecutionRequest get;
  v1::CancelExecutionRequest cancel;
  v1::TerminateExecutionRequest terminate;
  v1::Execution response;
  Done done;

  void Finish(const grpc::Status& status) {
    if (status.ok()) return done(std::move(response));
    done(rpc::FromGrpcStatus(status));
  }
};

EngineClient::EngineClient(std::shared_ptr<grpc::Channel> channel,
                           const auth::ServiceTokens& tokens, const Clock& clock)
    : channel_(std::move(channel)),
      tokens_(tokens),
      clock_(clock),
      executions_(v1::ExecutionService::NewStub(channel_)) {}

std::shared_ptr<EngineClient::Call> EngineClient::NewCall(TenantId tenant, absl::Duration timeout,
                                                          Done done) const {
  auto call = std::make_shared<Call>();
  call->done = std::move(done);
  rpc::PrepareCall(call->context, tokens_, tenant, clock_.Now() + timeout);
  return call;
}

void EngineClient::SendStart(const storage::RunTask& task, v1::WaitMode wait,
                             absl::Duration timeout, Done done) {
  std::shared_ptr<Call> call = NewCall(task.tenant, timeout, std::move(done));
  call->start.set_workflow_id(task.workflow.ToString());
  call->start.set_idempotency_key(StartKey(task.schedule, task.nominal, task.node_id));
  call->start.set_wait_mode(wait);
  if (const absl::Status read = json::ToProto(task.input, *call->start.mutable_input());
      !read.ok()) {
    return call->done(read);
  }
  Call& raw = *call;
  executions_->async()->StartExecution(
      &raw.context, &raw.start, &raw.response,
      [call = std::move(call)](const grpc::Status& status) { call->Finish(status); });
}

void EngineClient::Start(const storage::RunTask& task, Done done) {
  SendStart(task, v1::WAIT_MODE_COMPLETED, kEndsSoon,
            [this, task, done = std::move(done)](absl::StatusOr<v1::Execution> execution) {
              if (!absl::IsDeadlineExceeded(execution.status())) return done(std::move(execution));
              // It takes longer, or the engine does: the same key says which.
              SendStart(task, v1::WAIT_MODE_NONE, kTimeout, done);
            });
}

void EngineClient::Get(const storage::RunTask& task, Done done) {
  std::shared_ptr<Call> call = NewCall(task.tenant, kTimeout, std::move(done));
  call->get.set_id(task.execution->ToString());
  Call& raw = *call;
  executions_->async()->GetExecution(
      &raw.context, &raw.get, &raw.response,
      [call = std::move(call)](const grpc::Status& status) { call->Finish(status); });
}

void EngineClient::End(const storage::RunTask& task, Done done) {
  const auto ended = [this, task, done = std::move(done)](absl::StatusOr<v1::Execution> execution) {
    // One that has ended can't be ended any more, which is as well.
    if (!execution.ok() && IsRefusal(execution.status())) return Get(task, done);
    done(std::move(execution));
  };
  task.stop == Stop::kTerminate ? Terminate(task, ended) : Cancel(task, ended);
}

void EngineClient::Cancel(const storage::RunTask& task, Done done) {
  std::shared_ptr<Call> call = NewCall(task.tenant, kTimeout, std::move(done));
  call->cancel.set_id(task.execution->ToString());
  call->cancel.set_reason(kReplaced);
  Call& raw = *call;
  executions_->async()->CancelExecution(
      &raw.context, &raw.cancel, &raw.response,
      [call = std::move(call)](const grpc::Status& status) { call->Finish(status); });
}

void EngineClient::Terminate(const storage::RunTask& task, Done done) {
  std::shared_ptr<Call> call = NewCall(task.tenant, kTimeout, std::move(done));
  call->terminate.set_id(task.execution->ToString());
  call->terminate.set_reason(kReplaced);
  Call& raw = *call;
  executions_->async()->TerminateExecution(
      &raw.context, &raw.terminate, &raw.response,
      [call = std::move(call)](const grpc::Status& status) { call->Finish(status); });
}

absl::Status EngineClient::CheckHealth(absl::Time deadline) const {
  namespace health = grpc::health::v1;
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(deadline));
  health::HealthCheckResponse response;
  const grpc::Status status =
      health::Health::NewStub(channel_)->Check(&context, health::HealthCheckRequest(), &response);
  if (!status.ok()) return WithContext(rpc::FromGrpcStatus(status), "the engine's health");
  if (response.status() != health::HealthCheckResponse::SERVING) {
    return absl::UnavailableError("the engine is not ready");
  }
  return absl::OkStatus();
}

storage::RunResult ResultOf(const storage::RunTask& task,
                            const absl::StatusOr<v1::Execution>& answer) {
  storage::RunResult result{
      .tenant = task.tenant, .schedule = task.schedule, .nominal = task.nominal};
  if (answer.ok()) {
    TakeExecution(*answer, task, result);
  } else {
    TakeError(answer.status(), task, result);
  }
  return result;
}

}  // namespace penstock::scheduler

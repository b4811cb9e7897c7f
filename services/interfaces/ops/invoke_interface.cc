#include "services/interfaces/ops/invoke_interface.h"

#include <utility>

#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "libs/json/proto_json.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/interfaces/ops/interface_check.h"

namespace penstock::interfaces {

namespace v1 = workflow::v1;
using auth::CallContext;
using google::protobuf::Value;

struct InterfaceCalls::Call {
  CallContext caller;
  Invocation asked;
  ServiceInterface interface;
  Done done;
};

namespace {

// The same key means another call at another interface.
std::string KeyHash(const Invocation& asked) {
  return fmt::format("{}/{}", asked.interface.ToString(),
                     crypto::HexEncode(crypto::Sha256(asked.idempotency_key)));
}

// services/workflow_engine/domain/call_depth.h: the depth is kept with the execution that starts.
std::string StartKey(const Invocation& asked) {
  if (asked.idempotency_key.empty()) return "";
  return fmt::format("interface/{}/{}", asked.depth, KeyHash(asked));
}

std::string DedupeId(const Invocation& asked) {
  if (asked.idempotency_key.empty()) return "";
  return "interface/" + KeyHash(asked);
}

absl::Status CheckAsked(const ServiceInterface& interface, const Invocation& asked) {
  const bool is_start = interface.type == InterfaceType::kStartChild;
  if (is_start && asked.execution) {
    return InvalidField("execution_id", "must be empty: this interface starts one");
  }
  if (!is_start && !asked.execution) {
    return InvalidField("execution_id",
                        fmt::format("is required: this interface is a {} of an execution",
                                    InterfaceTypeName(interface.type)));
  }
  if (!is_start && asked.wait == InvokeWait::kCompleted) {
    return InvalidField("wait", "is for interfaces that start a service");
  }
  if (is_start && asked.depth > kMaxCallDepth) {
    return WithReason(absl::FailedPreconditionError(fmt::format(
                          "services have started each other {} deep, which is the most there may "
                          "be",
                          kMaxCallDepth)),
                      "CALL_TOO_DEEP");
  }
  absl::StatusOr<std::string> payload = json::FromProto(asked.payload);
  if (!payload.ok()) return InvalidField("payload", std::string(payload.status().message()));
  return CheckPayload(interface, *payload);
}

absl::Status CalleeFailed(const v1::Execution& execution) {
  const std::string state = v1::ExecutionState_Name(execution.state())
                                .substr(std::string_view("EXECUTION_STATE_").size());
  std::string message = fmt::format("execution {} has ended as {}", execution.id(), state);
  if (!execution.error().message().empty()) message += ": " + execution.error().message();
  return WithReason(absl::FailedPreconditionError(message), "CALLEE_FAILED",
                    {{"execution_id", execution.id()},
                     {"state", state},
                     {"error_type", execution.error().type()}});
}

bool IsOver(v1::ExecutionState state) {
  return state == v1::EXECUTION_STATE_COMPLETED || state == v1::EXECUTION_STATE_FAILED ||
         state == v1::EXECUTION_STATE_CANCELLED || state == v1::EXECUTION_STATE_TIMED_OUT;
}

}  // namespace

void InterfaceCalls::Invoke(const CallContext& caller, Invocation invocation, Done done) {
  auto call = std::make_shared<Call>();
  call->caller = caller;
  call->asked = std::move(invocation);
  call->done = std::move(done);
  OnWorker(call, [this, call] {
    absl::StatusOr<ServiceInterface> interface =
        GetServiceInterface(context_, call->caller, call->asked.interface);
    if (!interface.ok()) return call->done(interface.status());
    call->interface = *std::move(interface);
    if (absl::Status checked = CheckAsked(call->interface, call->asked); !checked.ok()) {
      return call->done(checked);
    }
    Ask(call);
  });
}

void InterfaceCalls::OnWorker(const CallPtr& call, std::function<void()> work) {
  if (const absl::Status queued = workers_.Submit(std::move(work)); !queued.ok()) {
    call->done(queued);
  }
}

void InterfaceCalls::Ask(const CallPtr& call) {
  if (call->interface.type == InterfaceType::kStartChild) return Start(call);
  AskExecution(call);
}

void InterfaceCalls::Start(const CallPtr& call) {
  const bool waits = call->asked.wait == InvokeWait::kCompleted;
  v1::StartExecutionRequest request;
  request.set_workflow_id(call->interface.service.ToString());
  *request.mutable_input() = call->asked.payload;
  request.set_idempotency_key(StartKey(call->asked));
  request.set_wait_mode(waits ? v1::WAIT_MODE_COMPLETED : v1::WAIT_MODE_NONE);
  engine_.Start(call->caller, std::move(request),
                [this, call, waits](absl::StatusOr<v1::Execution> execution) {
                  if (!execution.ok()) return call->done(execution.status());
                  if (!waits) return call->done(InvocationResult{execution->id(), std::nullopt});
                  TakeEnd(call, *execution);
                });
}

void InterfaceCalls::AskExecution(const CallPtr& call) {
  v1::GetExecutionRequest request;
  request.set_id(call->asked.execution->ToString());
  engine_.Get(call->caller, std::move(request),
              [this, call](absl::StatusOr<v1::Execution> execution) {
                if (!execution.ok()) return call->done(execution.status());
                // What one service lets others call says nothing about the executions of another.
                if (execution->workflow_id() != call->interface.service.ToString()) {
                  return call->done(absl::NotFoundError(
                      fmt::format("the interface's service has no execution {}", execution->id())));
                }
                call->interface.type == InterfaceType::kSignal ? Signal(call) : Query(call);
              });
}

void InterfaceCalls::Signal(const CallPtr& call) {
  v1::SignalExecutionRequest request;
  request.set_id(call->asked.execution->ToString());
  request.set_name(call->interface.callable_name);
  *request.mutable_payload() = call->asked.payload;
  request.set_dedupe_id(DedupeId(call->asked));
  engine_.Signal(call->caller, std::move(request), [call](absl::StatusOr<v1::Execution> execution) {
    if (!execution.ok()) return call->done(execution.status());
    call->done(InvocationResult{execution->id(), std::nullopt});
  });
}

void InterfaceCalls::Query(const CallPtr& call) {
  const std::string id = call->asked.execution->ToString();
  v1::QueryExecutionRequest request;
  request.set_id(id);
  request.set_name(call->interface.callable_name);
  engine_.Query(call->caller, std::move(request),
                [this, call, id](absl::StatusOr<v1::QueryExecutionResponse> response) {
                  if (!response.ok()) return call->done(response.status());
                  TakeResult(call, id, response->result());
                });
}

void InterfaceCalls::TakeEnd(const CallPtr& call, const v1::Execution& execution) {
  if (!IsOver(execution.state())) {
    return call->done(WithReason(absl::UnavailableError("the execution has not ended yet"),
                                 "STILL_RUNNING", {{"execution_id", execution.id()}}));
  }
  if (execution.state() != v1::EXECUTION_STATE_COMPLETED)
    return call->done(CalleeFailed(execution));
  TakeResult(call, execution.id(), execution.result());
}

void InterfaceCalls::TakeResult(const CallPtr& call, const std::string& execution_id,
                                const Value& result) {
  if (!call->interface.return_schema) return call->done(InvocationResult{execution_id, result});
  // It may take a while, which gRPC's threads have not.
  OnWorker(call, [call, execution_id, result] {
    absl::StatusOr<std::string> value = json::FromProto(result);
    if (!value.ok()) return call->done(value.status());
    const absl::Status checked = CheckReturned(call->interface, *value, execution_id);
    if (!checked.ok()) return call->done(checked);
    call->done(InvocationResult{execution_id, result});
  });
}

}  // namespace penstock::interfaces

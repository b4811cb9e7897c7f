// Calling a service interface: the payload checked, the engine asked, what comes back checked.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "google/protobuf/struct.pb.h"
#include "libs/auth/call_context.h"
#include "libs/lifecycle/thread_pool.h"
#include "services/interfaces/engine_client/engine_executions.h"
#include "services/interfaces/ops/service_interfaces.h"

namespace penstock::interfaces {

// Starts by interfaces that may lie behind each other: two services that start each other would go
// on for ever.
inline constexpr int kMaxCallDepth = 16;

enum class InvokeWait { kStarted, kCompleted };

struct Invocation {
  InterfaceId interface = {};
  google::protobuf::Value payload = {};
  std::optional<ExecutionId> execution = {};  // of a signal or a query
  InvokeWait wait = InvokeWait::kStarted;     // of a start
  std::string idempotency_key = {};           // empty = none
  int depth = 0;  // starts by interfaces that lie behind it; with one, there is a key
};

struct InvocationResult {
  std::string execution_id;
  std::optional<google::protobuf::Value> result;
};

class InterfaceCalls {
 public:
  using Done = std::function<void(absl::StatusOr<InvocationResult>)>;

  // All outlive it and every `done`.
  InterfaceCalls(const InterfaceContext& context, EngineExecutions& engine,
                 lifecycle::ThreadPool& workers)
      : context_(context), engine_(engine), workers_(workers) {}

  // Never blocks; calls `done` once, from any thread. NOT_FOUND as GetServiceInterface and for an
  // execution that is not of the interface's service; the rest as the proto says.
  void Invoke(const auth::CallContext& caller, Invocation invocation, Done done);

 private:
  struct Call;
  using CallPtr = std::shared_ptr<Call>;

  void Ask(const CallPtr& call);
  void Start(const CallPtr& call);
  // Behind a look at whose execution it is.
  void AskExecution(const CallPtr& call);
  void Signal(const CallPtr& call);
  void Query(const CallPtr& call);
  void TakeEnd(const CallPtr& call, const workflow::v1::Execution& execution);
  void TakeResult(const CallPtr& call, const std::string& execution_id,
                  const google::protobuf::Value& result);
  // `work` on a worker, or the refusal of the workers as the answer.
  void OnWorker(const CallPtr& call, std::function<void()> work);

  const InterfaceContext& context_;
  EngineExecutions& engine_;
  lifecycle::ThreadPool& workers_;
};

}  // namespace penstock::interfaces

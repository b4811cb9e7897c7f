// What ExecutionService and IngressService share: requests to commands, commands to another engine, and running them here.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/grpc/serve.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/postgres/pool.h"
#include "penstock/workflow/v1/execution.pb.h"
#include "penstock/workflow/v1/ingress.pb.h"
#include "services/workflow_engine/ops/start_execution.h"
#include "services/workflow_engine/ops/steer_execution.h"

namespace penstock::workflow_engine {

inline constexpr size_t kMaxReasonBytes = 1000;

// INVALID_ARGUMENT naming the field "id".
absl::StatusOr<ExecutionId> ParseExecutionId(const std::string& text);

// INVALID_ARGUMENT with every field that is wrong.
absl::StatusOr<StartCommand> FromProto(const auth::CallContext& caller, const workflow::v1::StartExecutionRequest& request);

workflow::v1::ForwardStartRequest ToForward(const StartCommand& command);
absl::StatusOr<StartCommand> FromForward(const auth::CallContext& caller, const workflow::v1::ForwardStartRequest& request);
absl::StatusOr<Signal> FromProto(const workflow::v1::SignalExecutionRequest& request);
workflow::v1::ForwardControlRequest ToForward(ExecutionId id, const Steering& steering);
absl::StatusOr<SteerCommand> FromForward(const workflow::v1::ForwardControlRequest& request);

// Runs a command whose shard is ours and answers with the execution, from memory or (on a worker) from the database.
void RunStart(StartExecution& start, postgres::Pool& pool, lifecycle::ThreadPool& workers, StartCommand command,
              rpc::Done<workflow::v1::Execution> done);
void RunSteer(ShardGroup& group, postgres::Pool& pool, lifecycle::ThreadPool& workers, const auth::CallContext& caller, SteerCommand command,
              rpc::Done<workflow::v1::Execution> done);

}  // namespace penstock::workflow_engine

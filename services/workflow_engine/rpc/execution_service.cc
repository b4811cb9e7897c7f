#include "services/workflow_engine/rpc/execution_service.h"

#include <utility>

#include "libs/grpc/serve.h"
#include "libs/grpc/serve_stream.h"
#include "libs/json/proto_json.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/ops/get_execution.h"
#include "services/workflow_engine/ops/list_executions.h"
#include "services/workflow_engine/ops/steer_execution.h"
#include "services/workflow_engine/rpc/convert_execution.h"
#include "services/workflow_engine/rpc/convert_snapshot.h"
#include "services/workflow_engine/rpc/start_request.h"
#include "services/workflow_engine/rpc/watch_execution.h"

namespace penstock::workflow_engine {

namespace v1 = workflow::v1;
using auth::CallContext;

grpc::ServerUnaryReactor* ExecutionService::StartExecution(grpc::CallbackServerContext* context, const v1::StartExecutionRequest* request,
                                                           v1::Execution* response) {
  return rpc::ServeAsync(deps_.serving, context, "/penstock.workflow.v1.ExecutionService/StartExecution", request, response,
                         [this](const CallContext& caller, const v1::StartExecutionRequest& request, ExecutionDone done) {
                           absl::StatusOr<StartCommand> command = FromProto(caller, request);
                           if (!command.ok()) return done(command.status());
                           ShardId shard = ShardOfKey(command->tenant, command->idempotency_key);
                           if (!command->idempotency_key.empty() && !deps_.starter.owns(shard)) {
                             return deps_.forwarder.Start(shard, caller, ToForward(*command), std::move(done));
                           }
                           RunStart(deps_.start_execution, deps_.server_pool, deps_.serving.workers(), *std::move(command), std::move(done));
                         });
}

grpc::ServerUnaryReactor* ExecutionService::GetExecution(grpc::CallbackServerContext* context, const v1::GetExecutionRequest* request,
                                                         v1::Execution* response) {
  return rpc::Serve(deps_.serving, context, "/penstock.workflow.v1.ExecutionService/GetExecution", request, response,
                    [this](const CallContext& caller, const v1::GetExecutionRequest& request) -> absl::StatusOr<v1::Execution> {
                      ASSIGN_OR_RETURN(ExecutionId id, ParseExecutionId(request.id()));
                      ASSIGN_OR_RETURN(ExecutionRecord record, workflow_engine::GetExecution(deps_.server_pool, caller, id));
                      return ToProto(record);
                    });
}

grpc::ServerUnaryReactor* ExecutionService::ListExecutions(grpc::CallbackServerContext* context, const v1::ListExecutionsRequest* request,
                                                           v1::ListExecutionsResponse* response) {
  return rpc::Serve(deps_.serving, context, "/penstock.workflow.v1.ExecutionService/ListExecutions", request, response,
                    [this](const CallContext& caller, const v1::ListExecutionsRequest& request) -> absl::StatusOr<v1::ListExecutionsResponse> {
                      ASSIGN_OR_RETURN(ExecutionQuery query, FromProto(request));
                      ASSIGN_OR_RETURN(ExecutionPage page, workflow_engine::ListExecutions(deps_.server_pool, caller, query));
                      return ToProto(page);
                    });
}

grpc::ServerWriteReactor<v1::WatchExecutionResponse>* ExecutionService::WatchExecution(grpc::CallbackServerContext* context,
                                                                                       const v1::WatchExecutionRequest* request) {
  return rpc::ServeStream<v1::WatchExecutionResponse>(
      deps_.serving, context, "/penstock.workflow.v1.ExecutionService/WatchExecution", request,
      [this](const CallContext& caller, const v1::WatchExecutionRequest& request,
             std::shared_ptr<rpc::StreamWriter<v1::WatchExecutionResponse>> writer) {
        workflow_engine::WatchExecution({deps_.server_pool, deps_.committed, deps_.serving.workers(), deps_.serving.clock(), deps_.later}, caller,
                                        request, std::move(writer));
      });
}

grpc::ServerUnaryReactor* ExecutionService::CancelExecution(grpc::CallbackServerContext* context, const v1::CancelExecutionRequest* request,
                                                            v1::Execution* response) {
  return rpc::ServeAsync(deps_.serving, context, "/penstock.workflow.v1.ExecutionService/CancelExecution", request, response,
                         [this](const CallContext& caller, const v1::CancelExecutionRequest& request, ExecutionDone done) {
                           Steer(caller, request.id(), Control::kCancel, request.reason(), std::move(done));
                         });
}

grpc::ServerUnaryReactor* ExecutionService::PauseExecution(grpc::CallbackServerContext* context, const v1::PauseExecutionRequest* request,
                                                           v1::Execution* response) {
  return rpc::ServeAsync(deps_.serving, context, "/penstock.workflow.v1.ExecutionService/PauseExecution", request, response,
                         [this](const CallContext& caller, const v1::PauseExecutionRequest& request, ExecutionDone done) {
                           Steer(caller, request.id(), Control::kPause, "", std::move(done));
                         });
}

grpc::ServerUnaryReactor* ExecutionService::ResumeExecution(grpc::CallbackServerContext* context, const v1::ResumeExecutionRequest* request,
                                                            v1::Execution* response) {
  return rpc::ServeAsync(deps_.serving, context, "/penstock.workflow.v1.ExecutionService/ResumeExecution", request, response,
                         [this](const CallContext& caller, const v1::ResumeExecutionRequest& request, ExecutionDone done) {
                           Steer(caller, request.id(), Control::kResume, "", std::move(done));
                         });
}

void ExecutionService::Steer(const CallContext& caller, const std::string& text, Control control, const std::string& reason,
                             ExecutionDone done) {
  absl::StatusOr<ExecutionId> id = ParseExecutionId(text);
  if (!id.ok()) return done(id.status());
  if (reason.size() > kMaxReasonBytes) return done(InvalidField("reason", "must be at most 1000 bytes"));
  ShardId shard = ShardOf(*id);
  if (!deps_.starter.owns(shard)) {
    return deps_.forwarder.Steer(shard, caller, ToForward(*id, control, reason), std::move(done));
  }
  RunSteer(deps_.starter.GroupOf(shard), deps_.server_pool, deps_.serving.workers(), caller, {caller.tenant, *id, control, reason},
           std::move(done));
}

}  // namespace penstock::workflow_engine

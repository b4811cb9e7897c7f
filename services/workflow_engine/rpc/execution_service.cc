#include "services/workflow_engine/rpc/execution_service.h"

#include <utility>

#include "libs/grpc/serve.h"
#include "libs/grpc/serve_stream.h"
#include "libs/json/proto_json.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/ops/execution_query.h"
#include "services/workflow_engine/ops/get_execution.h"
#include "services/workflow_engine/ops/list_executions.h"
#include "services/workflow_engine/ops/project_scope.h"
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
                           const WorkflowId workflow = command->workflow;
                           InScope(
                               caller, [this, caller, workflow] { return CheckWorkflowInScope(deps_.server_pool, caller, workflow); },
                               [this, caller, command = *std::move(command)](ExecutionDone done) { Start(caller, command, std::move(done)); },
                               std::move(done));
                         });
}

void ExecutionService::Start(const CallContext& caller, const StartCommand& command, ExecutionDone done) {
  const ShardId shard = ShardOfKey(command.tenant, command.idempotency_key);
  if (!command.idempotency_key.empty() && !deps_.starter.owns(shard)) {
    return deps_.forwarder.Start(shard, caller, ToForward(command), std::move(done));
  }
  RunStart(deps_.start_execution, deps_.server_pool, deps_.serving.workers(), command, std::move(done));
}

void ExecutionService::InScope(const CallContext& caller, std::function<absl::Status()> check, std::function<void(ExecutionDone)> then,
                               ExecutionDone done) {
  if (!caller.project) return then(std::move(done));
  const absl::Status queued = deps_.serving.workers().Submit([check = std::move(check), then = std::move(then), done] {
    if (absl::Status allowed = check(); !allowed.ok()) return done(allowed);
    then(done);
  });
  if (!queued.ok()) done(queued);
}

grpc::ServerUnaryReactor* ExecutionService::GetExecution(grpc::CallbackServerContext* context, const v1::GetExecutionRequest* request,
                                                         v1::Execution* response) {
  return rpc::Serve(deps_.serving, context, "/penstock.workflow.v1.ExecutionService/GetExecution", request, response,
                    [this](const CallContext& caller, const v1::GetExecutionRequest& request) -> absl::StatusOr<v1::Execution> {
                      ASSIGN_OR_RETURN(ExecutionId id, ParseExecutionId(request.id()));
                      ASSIGN_OR_RETURN(ExecutionRecord record, workflow_engine::GetExecution(deps_.server_pool, caller, id));
                      v1::Execution execution = ToProto(record);
                      // Should the version not compile on this engine, the record is still worth having.
                      auto graph = deps_.definitions.Get(caller.tenant, record.workflow, record.version);
                      if (!graph.ok()) return execution;
                      if (std::optional<Progress> progress = ProgressOf(record, **graph)) {
                        execution.mutable_progress()->set_status(progress->status);
                        execution.mutable_progress()->set_percent(progress->percent);
                      }
                      return execution;
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
                           Steer(caller, request.id(), {.control = Control::kCancel, .reason = request.reason(), .signal = {}}, std::move(done));
                         });
}

grpc::ServerUnaryReactor* ExecutionService::TerminateExecution(grpc::CallbackServerContext* context, const v1::TerminateExecutionRequest* request,
                                                               v1::Execution* response) {
  return rpc::ServeAsync(deps_.serving, context, "/penstock.workflow.v1.ExecutionService/TerminateExecution", request, response,
                         [this](const CallContext& caller, const v1::TerminateExecutionRequest& request, ExecutionDone done) {
                           Steer(caller, request.id(), {.control = Control::kTerminate, .reason = request.reason(), .signal = {}}, std::move(done));
                         });
}

grpc::ServerUnaryReactor* ExecutionService::PauseExecution(grpc::CallbackServerContext* context, const v1::PauseExecutionRequest* request,
                                                           v1::Execution* response) {
  return rpc::ServeAsync(deps_.serving, context, "/penstock.workflow.v1.ExecutionService/PauseExecution", request, response,
                         [this](const CallContext& caller, const v1::PauseExecutionRequest& request, ExecutionDone done) {
                           Steer(caller, request.id(), {.control = Control::kPause, .reason = "", .signal = {}}, std::move(done));
                         });
}

grpc::ServerUnaryReactor* ExecutionService::ResumeExecution(grpc::CallbackServerContext* context, const v1::ResumeExecutionRequest* request,
                                                            v1::Execution* response) {
  return rpc::ServeAsync(deps_.serving, context, "/penstock.workflow.v1.ExecutionService/ResumeExecution", request, response,
                         [this](const CallContext& caller, const v1::ResumeExecutionRequest& request, ExecutionDone done) {
                           Steer(caller, request.id(), {.control = Control::kResume, .reason = "", .signal = {}}, std::move(done));
                         });
}

grpc::ServerUnaryReactor* ExecutionService::SignalExecution(grpc::CallbackServerContext* context, const v1::SignalExecutionRequest* request,
                                                            v1::Execution* response) {
  return rpc::ServeAsync(deps_.serving, context, "/penstock.workflow.v1.ExecutionService/SignalExecution", request, response,
                         [this](const CallContext& caller, const v1::SignalExecutionRequest& request, ExecutionDone done) {
                           absl::StatusOr<Signal> signal = FromProto(request);
                           if (!signal.ok()) return done(signal.status());
                           Steer(caller, request.id(), {.control = Control::kSignal, .reason = "", .signal = *std::move(signal)}, std::move(done));
                         });
}

grpc::ServerUnaryReactor* ExecutionService::QueryExecution(grpc::CallbackServerContext* context, const v1::QueryExecutionRequest* request,
                                                           v1::QueryExecutionResponse* response) {
  return rpc::Serve(deps_.serving, context, "/penstock.workflow.v1.ExecutionService/QueryExecution", request, response,
                    [this](const CallContext& caller, const v1::QueryExecutionRequest& request) -> absl::StatusOr<v1::QueryExecutionResponse> {
                      ASSIGN_OR_RETURN(ExecutionId id, ParseExecutionId(request.id()));
                      ASSIGN_OR_RETURN(ExecutionRecord record, workflow_engine::GetExecution(deps_.server_pool, caller, id));
                      ASSIGN_OR_RETURN(std::shared_ptr<const Graph> graph, deps_.definitions.Get(caller.tenant, record.workflow, record.version));
                      ASSIGN_OR_RETURN(std::string answer, AnswerQuery(record, *graph, request.name(), deps_.serving.clock().Now()));
                      v1::QueryExecutionResponse response;
                      RETURN_IF_ERROR(json::ToProto(answer, *response.mutable_result()));
                      return response;
                    });
}

void ExecutionService::Steer(const CallContext& caller, const std::string& text, Steering steering, ExecutionDone done) {
  absl::StatusOr<ExecutionId> id = ParseExecutionId(text);
  if (!id.ok()) return done(id.status());
  if (steering.reason.size() > kMaxReasonBytes) return done(InvalidField("reason", "must be at most 1000 bytes"));
  InScope(
      caller, [this, caller, id = *id] { return CheckExecutionInScope(deps_.server_pool, caller, id); },
      [this, caller, id = *id, steering = std::move(steering)](ExecutionDone done) {
        const ShardId shard = ShardOf(id);
        if (!deps_.starter.owns(shard)) return deps_.forwarder.Steer(shard, caller, ToForward(id, steering), std::move(done));
        RunSteer(deps_.starter.GroupOf(shard), deps_.server_pool, deps_.serving.workers(), caller, {caller.tenant, id, steering},
                 std::move(done));
      },
      std::move(done));
}

}  // namespace penstock::workflow_engine

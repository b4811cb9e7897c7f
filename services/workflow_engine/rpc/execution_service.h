// ExecutionService on the wire. Calls about a live execution go to the owner of its shard; reads come from the database.
#pragma once

#include <functional>

#include "libs/grpc/serve.h"
#include "libs/grpc/serving.h"
#include "libs/lifecycle/delayed_tasks.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/postgres/pool.h"
#include "penstock/workflow/v1/execution.grpc.pb.h"
#include "services/workflow_engine/engine/commit_signal.h"
#include "services/workflow_engine/ingress/forwarder.h"
#include "services/workflow_engine/ingress/starter.h"
#include "services/workflow_engine/ops/start_execution.h"

namespace penstock::workflow_engine {

class ExecutionService final : public workflow::v1::ExecutionService::CallbackService {
 public:
  struct Dependencies {
    rpc::Serving& serving;
    postgres::Pool& server_pool;
    Definitions& definitions;
    workflow_engine::StartExecution& start_execution;
    Starter& starter;
    Forwarder& forwarder;
    CommitSignal& committed;
    lifecycle::Later later;
  };
  explicit ExecutionService(Dependencies dependencies) : deps_(std::move(dependencies)) {}

  grpc::ServerUnaryReactor* StartExecution(grpc::CallbackServerContext* context, const workflow::v1::StartExecutionRequest* request,
                                           workflow::v1::Execution* response) override;
  grpc::ServerUnaryReactor* GetExecution(grpc::CallbackServerContext* context, const workflow::v1::GetExecutionRequest* request,
                                         workflow::v1::Execution* response) override;
  grpc::ServerUnaryReactor* ListExecutions(grpc::CallbackServerContext* context, const workflow::v1::ListExecutionsRequest* request,
                                           workflow::v1::ListExecutionsResponse* response) override;
  grpc::ServerWriteReactor<workflow::v1::WatchExecutionResponse>* WatchExecution(
      grpc::CallbackServerContext* context, const workflow::v1::WatchExecutionRequest* request) override;
  grpc::ServerUnaryReactor* CancelExecution(grpc::CallbackServerContext* context, const workflow::v1::CancelExecutionRequest* request,
                                            workflow::v1::Execution* response) override;
  grpc::ServerUnaryReactor* TerminateExecution(grpc::CallbackServerContext* context, const workflow::v1::TerminateExecutionRequest* request,
                                               workflow::v1::Execution* response) override;
  grpc::ServerUnaryReactor* PauseExecution(grpc::CallbackServerContext* context, const workflow::v1::PauseExecutionRequest* request,
                                           workflow::v1::Execution* response) override;
  grpc::ServerUnaryReactor* ResumeExecution(grpc::CallbackServerContext* context, const workflow::v1::ResumeExecutionRequest* request,
                                            workflow::v1::Execution* response) override;
  grpc::ServerUnaryReactor* SignalExecution(grpc::CallbackServerContext* context, const workflow::v1::SignalExecutionRequest* request,
                                            workflow::v1::Execution* response) override;
  grpc::ServerUnaryReactor* QueryExecution(grpc::CallbackServerContext* context, const workflow::v1::QueryExecutionRequest* request,
                                           workflow::v1::QueryExecutionResponse* response) override;

 private:
  using ExecutionDone = rpc::Done<workflow::v1::Execution>;
  void Start(const auth::CallContext& caller, const StartCommand& command, ExecutionDone done);
  void Steer(const auth::CallContext& caller, const std::string& id, Steering steering, ExecutionDone done);

  // Goes on with `then` once `check` is OK. Only keys that are limited to a project are checked, on a worker, as it asks the database.
  void InScope(const auth::CallContext& caller, std::function<absl::Status()> check, std::function<void(ExecutionDone)> then, ExecutionDone done);

  Dependencies deps_;
};

}  // namespace penstock::workflow_engine

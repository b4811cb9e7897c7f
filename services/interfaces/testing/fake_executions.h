// The executions of a FakeEngine: starts once per key, and answers as it is told.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "penstock/workflow/v1/execution.grpc.pb.h"

namespace penstock::interfaces::testing {

class FakeExecutions final : public workflow::v1::ExecutionService::CallbackService {
 public:
  // What executions that are waited for have come to from now on; COMPLETED with null until told.
  void EndAs(const workflow::v1::Execution& end);
  // What each query answers.
  void Answer(const google::protobuf::Value& result);
  // An execution of that workflow.
  std::string Add(const std::string& workflow_id);

  std::vector<workflow::v1::StartExecutionRequest> starts() const;
  std::vector<workflow::v1::SignalExecutionRequest> signals() const;
  std::vector<workflow::v1::QueryExecutionRequest> queries() const;
  // Distinct executions that were started.
  size_t started() const;

  grpc::ServerUnaryReactor* StartExecution(grpc::CallbackServerContext* context,
                                           const workflow::v1::StartExecutionRequest* request,
                                           workflow::v1::Execution* response) override;
  grpc::ServerUnaryReactor* GetExecution(grpc::CallbackServerContext* context,
                                         const workflow::v1::GetExecutionRequest* request,
                                         workflow::v1::Execution* response) override;
  grpc::ServerUnaryReactor* SignalExecution(grpc::CallbackServerContext* context,
                                            const workflow::v1::SignalExecutionRequest* request,
                                            workflow::v1::Execution* response) override;
  grpc::ServerUnaryReactor* QueryExecution(grpc::CallbackServerContext* context,
                                           const workflow::v1::QueryExecutionRequest* request,
                                           workflow::v1::QueryExecutionResponse* response) override;

 private:
  mutable absl::Mutex mutex_;
  workflow::v1::Execution end_ ABSL_GUARDED_BY(mutex_);
  google::protobuf::Value answer_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string> workflow_of_ ABSL_GUARDED_BY(mutex_);  // by execution
  std::map<std::string, std::string> by_key_ ABSL_GUARDED_BY(mutex_);
  std::vector<workflow::v1::StartExecutionRequest> starts_ ABSL_GUARDED_BY(mutex_);
  std::vector<workflow::v1::SignalExecutionRequest> signals_ ABSL_GUARDED_BY(mutex_);
  std::vector<workflow::v1::QueryExecutionRequest> queries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace penstock::interfaces::testing

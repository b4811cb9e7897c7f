#include "services/interfaces/testing/fake_executions.h"

#include "absl/time/clock.h"
#include "libs/ids/uuid.h"

namespace penstock::interfaces::testing {

namespace v1 = workflow::v1;

namespace {

grpc::ServerUnaryReactor* Finish(grpc::CallbackServerContext* context,
                                 const grpc::Status& status = grpc::Status::OK) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(status);
  return reactor;
}

grpc::Status NoExecution() { return {grpc::StatusCode::NOT_FOUND, "no execution of this id"}; }

}  // namespace

void FakeExecutions::EndAs(const v1::Execution& end) {
  absl::MutexLock lock(&mutex_);
  end_ = end;
}

void FakeExecutions::Answer(const google::protobuf::Value& result) {
  absl::MutexLock lock(&mutex_);
  answer_ = result;
}

std::string FakeExecutions::Add(const std::string& workflow_id) {
  const std::string id = Uuid::MakeV7(absl::Now()).ToString();
  absl::MutexLock lock(&mutex_);
  workflow_of_[id] = workflow_id;
  return id;
}

std::vector<v1::StartExecutionRequest> FakeExecutions::starts() const {
  absl::MutexLock lock(&mutex_);
  return starts_;
}

std::vector<v1::SignalExecutionRequest> FakeExecutions::signals() const {
  absl::MutexLock lock(&mutex_);
  return signals_;
}

std::vector<v1::QueryExecutionRequest> FakeExecutions::queries() const {
  absl::MutexLock lock(&mutex_);
  return queries_;
}

size_t FakeExecutions::started() const {
  absl::MutexLock lock(&mutex_);
  return workflow_of_.size();
}

grpc::ServerUnaryReactor* FakeExecutions::StartExecution(grpc::CallbackServerContext* context,
                                                         const v1::StartExecutionRequest* request,
                                                         v1::Execution* response) {
  absl::MutexLock lock(&mutex_);
  starts_.push_back(*request);
  std::string id = Uuid::MakeV7(absl::Now()).ToString();
  if (!request->idempotency_key().empty()) {
    id = by_key_.emplace(request->idempotency_key(), id).first->second;
  }
  workflow_of_[id] = request->workflow_id();
  *response = end_;
  response->set_id(id);
  response->set_workflow_id(request->workflow_id());
  if (request->wait_mode() != v1::WAIT_MODE_COMPLETED) {
    response->set_state(v1::EXECUTION_STATE_RUNNING);
  } else if (response->state() == v1::EXECUTION_STATE_UNSPECIFIED) {
    response->set_state(v1::EXECUTION_STATE_COMPLETED);
  }
  return Finish(context);
}

grpc::ServerUnaryReactor* FakeExecutions::GetExecution(grpc::CallbackServerContext* context,
                                                       const v1::GetExecutionRequest* request,
                                                       v1::Execution* response) {
  absl::MutexLock lock(&mutex_);
  const auto found = workflow_of_.find(request->id());
  if (found == workflow_of_.end()) return Finish(context, NoExecution());
  response->set_id(found->first);
  response->set_workflow_id(found->second);
  return Finish(context);
}

grpc::ServerUnaryReactor* FakeExecutions::SignalExecution(grpc::CallbackServerContext* context,
                                                          const v1::SignalExecutionRequest* request,
                                                          v1::Execution* response) {
  absl::MutexLock lock(&mutex_);
  signals_.push_back(*request);
  response->set_id(request->id());
  return Finish(context);
}

grpc::ServerUnaryReactor* FakeExecutions::QueryExecution(grpc::CallbackServerContext* context,
                                                         const v1::QueryExecutionRequest* request,
                                                         v1::QueryExecutionResponse* response) {
  absl::MutexLock lock(&mutex_);
  queries_.push_back(*request);
  *response->mutable_result() = answer_;
  return Finish(context);
}

}  // namespace penstock::interfaces::testing

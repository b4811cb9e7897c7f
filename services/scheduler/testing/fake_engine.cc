#include "services/scheduler/testing/fake_engine.h"

#include <utility>

#include "absl/time/clock.h"
#include "grpcpp/server_builder.h"
#include "libs/ids/uuid.h"
#include "libs/json/proto_json.h"
#include "libs/testing/check.h"

namespace penstock::scheduler::testing {

namespace v1 = penstock::workflow::v1;

class FakeEngine::Executions final : public v1::ExecutionService::Service {
 public:
  grpc::Status StartExecution(grpc::ServerContext*, const v1::StartExecutionRequest* request,
                              v1::Execution* response) override {
    absl::MutexLock lock(&mutex_);
    if (!refusal_.ok()) return refusal_;
    // As the real one compares: maps have no order.
    const std::string input = json::FromProto(request->input()).value_or("");
    auto [entry, is_new] = started_.try_emplace(request->idempotency_key());
    Started& started = entry->second;
    if (is_new) {
      started = {.execution = ExecutionId::Make(absl::Now()).ToString(),
                 .workflow = request->workflow_id(),
                 .key = request->idempotency_key(),
                 .input = input,
                 .state = state_,
                 .at = absl::Now()};
      inputs_[started.key] = input;
    } else if (inputs_[started.key] != input) {
      ++conflicts_;
      return {grpc::StatusCode::ALREADY_EXISTS, "the key was used for another request"};
    }
    ++started.calls;
    Fill(started, *response);
    // The caller waits for the end for as long as it likes.
    if (request->wait_mode() == v1::WAIT_MODE_COMPLETED && !HasEnded(started.state)) {
      return {grpc::StatusCode::DEADLINE_EXCEEDED, "still running"};
    }
    return grpc::Status::OK;
  }

  grpc::Status GetExecution(grpc::ServerContext*, const v1::GetExecutionRequest* request,
                            v1::Execution* response) override {
    absl::MutexLock lock(&mutex_);
    for (const auto& [key, started] : started_) {
      if (started.execution != request->id()) continue;
      Fill(started, *response);
      return grpc::Status::OK;
    }
    return {grpc::StatusCode::NOT_FOUND, "no execution"};
  }

  grpc::Status CancelExecution(grpc::ServerContext*, const v1::CancelExecutionRequest* request,
                               v1::Execution* response) override {
    return End(request->id(), v1::EXECUTION_STATE_CANCELLED, *response);
  }

  grpc::Status TerminateExecution(grpc::ServerContext*,
                                  const v1::TerminateExecutionRequest* request,
                                  v1::Execution* response) override {
    return End(request->id(), v1::EXECUTION_STATE_TERMINATED, *response);
  }

  grpc::Status End(const std::string& id, v1::ExecutionState state, v1::Execution& response) {
    absl::MutexLock lock(&mutex_);
    for (auto& [key, started] : started_) {
      if (started.execution != id) continue;
      if (HasEnded(started.state)) return {grpc::StatusCode::FAILED_PRECONDITION, "has ended"};
      started.state = state;
      Fill(started, response);
      return grpc::Status::OK;
    }
    return {grpc::StatusCode::NOT_FOUND, "no execution"};
  }

  static bool HasEnded(v1::ExecutionState state) {
    return state != v1::EXECUTION_STATE_RUNNING && state != v1::EXECUTION_STATE_CREATED;
  }

  static void Fill(const Started& started, v1::Execution& execution) {
    execution.set_id(started.execution);
    execution.set_workflow_id(started.workflow);
    execution.set_state(started.state);
    execution.mutable_start_time()->set_seconds(absl::ToUnixSeconds(started.at));
    execution.mutable_start_time()->set_nanos(
        static_cast<int>(absl::ToUnixNanos(started.at) % 1'000'000'000));
    if (HasEnded(started.state)) *execution.mutable_end_time() = execution.start_time();
    if (started.state == v1::EXECUTION_STATE_FAILED) execution.mutable_error()->set_type("Boom");
  }

  mutable absl::Mutex mutex_;
  std::map<std::string, Started> started_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string> inputs_ ABSL_GUARDED_BY(mutex_);
  v1::ExecutionState state_ ABSL_GUARDED_BY(mutex_) = v1::EXECUTION_STATE_COMPLETED;
  grpc::Status refusal_ ABSL_GUARDED_BY(mutex_);
  int conflicts_ ABSL_GUARDED_BY(mutex_) = 0;
};

class FakeEngine::Health final : public grpc::health::v1::Health::Service {
  grpc::Status Check(grpc::ServerContext*, const grpc::health::v1::HealthCheckRequest*,
                     grpc::health::v1::HealthCheckResponse* response) override {
    response->set_status(grpc::health::v1::HealthCheckResponse::SERVING);
    return grpc::Status::OK;
  }
};

FakeEngine::FakeEngine()
    : executions_(std::make_unique<Executions>()), health_(std::make_unique<Health>()) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  builder.RegisterService(executions_.get());
  builder.RegisterService(health_.get());
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) penstock::testing::Fail("start a fake engine", "no port");
}

FakeEngine::~FakeEngine() { server_->Shutdown(); }

std::map<std::string, FakeEngine::Started> FakeEngine::started() const {
  absl::MutexLock lock(&executions_->mutex_);
  return executions_->started_;
}

bool FakeEngine::AwaitStarts(size_t count, absl::Duration at_most) const {
  absl::MutexLock lock(&executions_->mutex_);
  const auto enough = [this, count]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    return executions_->started_.size() >= count;
  };
  return executions_->mutex_.AwaitWithTimeout(absl::Condition(&enough), at_most);
}

int FakeEngine::conflicts() const {
  absl::MutexLock lock(&executions_->mutex_);
  return executions_->conflicts_;
}

void FakeEngine::StartAs(v1::ExecutionState state) {
  absl::MutexLock lock(&executions_->mutex_);
  executions_->state_ = state;
}

void FakeEngine::EndAll(v1::ExecutionState state) {
  absl::MutexLock lock(&executions_->mutex_);
  for (auto& [key, started] : executions_->started_) {
    if (!Executions::HasEnded(started.state)) started.state = state;
  }
}

void FakeEngine::Refuse(grpc::Status status) {
  absl::MutexLock lock(&executions_->mutex_);
  executions_->refusal_ = std::move(status);
}

}  // namespace penstock::scheduler::testing

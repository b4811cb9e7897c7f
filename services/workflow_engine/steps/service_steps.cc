#include "services/workflow_engine/steps/service_steps.h"

#include <utility>

#include "fmt/format.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/client_callback.h"
#include "libs/grpc/status_conversion.h"
#include "libs/json/validate.h"
#include "libs/status/macros.h"

namespace penstock::workflow_engine {

namespace v1 = platform::v1;

struct ServiceSteps::UnderWay {
  grpc::ClientContext context;
  v1::RunStepRequest request;
  v1::RunStepResponse response;
  std::function<void(absl::StatusOr<std::string>)> done;
};

absl::StatusOr<std::unique_ptr<ServiceSteps>> ServiceSteps::Create(const std::map<std::string, rpc::ChannelOptions>& services,
                                                                   const auth::ServiceTokens& tokens, const Clock& clock) {
  std::unique_ptr<ServiceSteps> steps(new ServiceSteps(tokens, clock));
  for (const auto& [name, options] : services) {
    ASSIGN_OR_RETURN(std::shared_ptr<grpc::Channel> channel, rpc::CreateChannel(options));
    steps->stubs_.emplace(name, v1::StepService::NewStub(channel));
  }
  return steps;
}

ServiceSteps::~ServiceSteps() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
  for (auto& call : under_way_) call->context.TryCancel();
  auto all_told = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return under_way_.empty(); };
  mutex_.Await(absl::Condition(&all_told));
}

void ServiceSteps::Call(TenantId tenant, ExecutionId execution, CallService step, std::function<void(absl::StatusOr<std::string>)> done) {
  auto found = stubs_.find(step.service);
  if (found == stubs_.end()) return done(absl::UnimplementedError(fmt::format("there is no service {}", step.service)));
  auto call = std::make_shared<UnderWay>();
  rpc::PrepareCall(call->context, tokens_, tenant, clock_.Now() + step.timeout);
  call->request.set_step(step.step);
  call->request.set_input_json(step.input);
  call->request.set_idempotency_key(step.idempotency_key);
  call->request.set_execution_id(execution.ToString());
  call->done = std::move(done);
  bool is_closed = false;
  {
    absl::MutexLock lock(&mutex_);
    is_closed = closed_;
    if (!closed_) under_way_.insert(call);
  }
  if (is_closed) return call->done(absl::UnavailableError("the engine is shutting down"));
  found->second->async()->RunStep(&call->context, &call->request, &call->response, [this, call](grpc::Status status) {
    absl::StatusOr<std::string> output = std::move(*call->response.mutable_output_json());
    if (!status.ok()) output = rpc::FromGrpcStatus(status);
    // It becomes part of rows and templates.
    if (output.ok() && !json::Validate(*output).ok()) output = absl::InternalError("the step answered something that is not JSON");
    call->done(std::move(output));
    absl::MutexLock lock(&mutex_);
    under_way_.erase(call);
  });
}

}  // namespace penstock::workflow_engine

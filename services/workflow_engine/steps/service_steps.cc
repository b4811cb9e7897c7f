#include "services/workflow_engine/steps/service_steps.h"

#include <utility>

#include "fmt/format.h"
#include "libs/json/validate.h"
#include "libs/status/macros.h"

namespace penstock::workflow_engine {

namespace v1 = platform::v1;
using Async = v1::StepService::StubInterface::async_interface;

absl::StatusOr<std::unique_ptr<ServiceSteps>> ServiceSteps::Create(
    const std::map<std::string, rpc::ChannelOptions>& services, const auth::ServiceTokens& tokens,
    const Clock& clock) {
  std::unique_ptr<ServiceSteps> steps(new ServiceSteps(tokens, clock));
  for (const auto& [name, options] : services) {
    ASSIGN_OR_RETURN(std::shared_ptr<grpc::Channel> channel, rpc::CreateChannel(options));
    steps->stubs_.emplace(name, v1::StepService::NewStub(channel));
  }
  return steps;
}

void ServiceSteps::Call(TenantId tenant, ExecutionId execution, CallService step,
                        std::function<void(absl::StatusOr<std::string>)> done) {
  const auto found = stubs_.find(step.service);
  if (found == stubs_.end()) {
    return done(absl::UnimplementedError(fmt::format("there is no service {}", step.service)));
  }
  v1::RunStepRequest request;
  request.set_step(step.step);
  request.set_input_json(step.input);
  request.set_idempotency_key(step.idempotency_key);
  request.set_execution_id(execution.ToString());
  Async* stub = found->second->async();
  calls_.Send<Async, v1::RunStepRequest, v1::RunStepResponse>(
      stub, &Async::RunStep, std::move(request),
      [&](grpc::ClientContext& context) {
        rpc::PrepareCall(context, tokens_, tenant, clock_.Now() + step.timeout);
      },
      [done = std::move(done)](absl::StatusOr<v1::RunStepResponse> response) {
        if (!response.ok()) return done(response.status());
        // It becomes part of rows and templates.
        if (!json::Validate(response->output_json()).ok()) {
          return done(absl::InternalError("the step answered something that is not JSON"));
        }
        done(std::move(*response->mutable_output_json()));
      });
}

}  // namespace penstock::workflow_engine

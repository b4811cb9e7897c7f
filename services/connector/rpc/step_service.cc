#include "services/connector/rpc/step_service.h"

#include <utility>

#include "fmt/format.h"
#include "libs/grpc/serve.h"
#include "libs/lifecycle/cancellation.h"
#include "libs/status/macros.h"
#include "services/connector/ops/connector_step.h"

namespace penstock::connector {

namespace platform_v1 = platform::v1;
using auth::CallContext;

namespace {

constexpr char kRunStep[] = "/penstock.platform.v1.StepService/RunStep";

}  // namespace

grpc::ServerUnaryReactor* StepService::RunStep(grpc::CallbackServerContext* context,
                                               const platform_v1::RunStepRequest* request,
                                               platform_v1::RunStepResponse* response) {
  // An interface may take as long as an execution does, and threads are few.
  if (request->step() == kCallInterfaceStep) {
    return rpc::ServeAsync(
        serving_, context, kRunStep, request, response,
        [this](const CallContext& caller, const platform_v1::RunStepRequest& request,
               rpc::Done<platform_v1::RunStepResponse> done) {
          interfaces_.Run(caller, request.input_json(),
                          [done](const absl::StatusOr<std::string>& output) {
                            if (!output.ok()) return done(output.status());
                            platform_v1::RunStepResponse response;
                            response.set_output_json(*output);
                            done(std::move(response));
                          });
        });
  }
  return rpc::Serve(
      serving_, context, kRunStep, request, response,
      [this](const CallContext& caller, const platform_v1::RunStepRequest& request,
             lifecycle::Cancellation& gone) -> absl::StatusOr<platform_v1::RunStepResponse> {
        if (request.step() != kCallStep) {
          return absl::UnimplementedError(fmt::format("there is no step {}", request.step()));
        }
        platform_v1::RunStepResponse response;
        ASSIGN_OR_RETURN(*response.mutable_output_json(),
                         RunConnectorStep(calling_, specs_, caller, request.input_json(), gone));
        return response;
      });
}

}  // namespace penstock::connector

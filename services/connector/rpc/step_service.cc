#include "services/connector/rpc/step_service.h"

#include "fmt/format.h"
#include "libs/grpc/serve.h"
#include "libs/lifecycle/cancellation.h"
#include "libs/status/macros.h"
#include "services/connector/ops/connector_step.h"

namespace penstock::connector {

namespace platform_v1 = platform::v1;
using auth::CallContext;

grpc::ServerUnaryReactor* StepService::RunStep(grpc::CallbackServerContext* context,
                                               const platform_v1::RunStepRequest* request,
                                               platform_v1::RunStepResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.platform.v1.StepService/RunStep", request, response,
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

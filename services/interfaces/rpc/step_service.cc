#include "services/interfaces/rpc/step_service.h"

#include "libs/grpc/serve.h"
#include "libs/ids/platform.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::interfaces {

namespace v1 = platform::v1;
using auth::CallContext;

grpc::ServerUnaryReactor* StepService::RunStep(grpc::CallbackServerContext* context,
                                               const v1::RunStepRequest* request,
                                               v1::RunStepResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.platform.v1.StepService/RunStep", request, response,
      [this](const CallContext& caller,
             const v1::RunStepRequest& request) -> absl::StatusOr<v1::RunStepResponse> {
        // Whatever the engine says it runs: only the platform's workflows have steps here.
        if (caller.tenant != kPlatformTenant) {
          return WithReason(absl::PermissionDeniedError("steps are for the platform's workflows"),
                            "NOT_OF_PLATFORM");
        }
        v1::RunStepResponse response;
        ASSIGN_OR_RETURN(*response.mutable_output_json(),
                         RunTenantStep(context_, caller, request.step(), request.input_json()));
        return response;
      });
}

}  // namespace penstock::interfaces

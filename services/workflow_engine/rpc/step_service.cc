#include "services/workflow_engine/rpc/step_service.h"

#include <optional>
#include <string>

#include "fmt/format.h"
#include "libs/grpc/serve.h"
#include "libs/ids/platform.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "nlohmann/json.hpp"

namespace penstock::workflow_engine {

namespace v1 = platform::v1;
using auth::CallContext;
using Json = nlohmann::json;

grpc::ServerUnaryReactor* StepService::RunStep(grpc::CallbackServerContext* context, const v1::RunStepRequest* request, v1::RunStepResponse* response) {
  return rpc::Serve(deps_.serving, context, "/penstock.platform.v1.StepService/RunStep", request, response,
                    [this](const CallContext& caller, const v1::RunStepRequest& request) -> absl::StatusOr<v1::RunStepResponse> {
                      if (caller.tenant != kPlatformTenant) {
                        return WithReason(absl::PermissionDeniedError("steps are for the platform's workflows"), "NOT_OF_PLATFORM");
                      }
                      if (request.step() != "executions.end") return absl::UnimplementedError(fmt::format("there is no step {}", request.step()));
                      const Json input = Json::parse(request.input_json(), nullptr, /*allow_exceptions=*/false);
                      const std::string text = input.is_object() ? input.value("tenantId", "") : "";
                      const std::optional<TenantId> tenant = TenantId::Parse(text);
                      if (!tenant) return InvalidField("tenantId", "must be a UUID");
                      // The platform's own would include the one that asks.
                      if (*tenant == kPlatformTenant) return absl::FailedPreconditionError("the platform's own executions stay");
                      ASSIGN_OR_RETURN(const int open, EndExecutions(deps_.server_pool, *tenant, deps_.cancel, caller.deadline));
                      if (open > 0) return absl::UnavailableError(fmt::format("{} executions are still open", open));
                      v1::RunStepResponse response;
                      response.set_output_json("{}");
                      return response;
                    });
}

}  // namespace penstock::workflow_engine

// penstock.platform.v1.StepService on the wire: what the engine asks this service to do for the platform's own workflows.
#pragma once

#include "libs/grpc/serving.h"
#include "penstock/platform/v1/step.grpc.pb.h"
#include "services/interfaces/ops/tenant_steps.h"

namespace penstock::interfaces {

class StepService final : public platform::v1::StepService::CallbackService {
 public:
  // Both outlive the service.
  StepService(rpc::Serving& serving, const TenantStepContext& context)
      : serving_(serving), context_(context) {}

  grpc::ServerUnaryReactor* RunStep(grpc::CallbackServerContext* context,
                                    const platform::v1::RunStepRequest* request,
                                    platform::v1::RunStepResponse* response) override;

 private:
  rpc::Serving& serving_;
  const TenantStepContext& context_;
};

}  // namespace penstock::interfaces

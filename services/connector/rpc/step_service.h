// penstock.platform.v1.StepService on the wire: calls of connector and call_interface nodes.
#pragma once

#include "libs/grpc/serving.h"
#include "penstock/platform/v1/step.grpc.pb.h"
#include "services/connector/ops/api_specs.h"
#include "services/connector/ops/connector_calls.h"
#include "services/connector/ops/interface_step.h"

namespace penstock::connector {

class StepService final : public platform::v1::StepService::CallbackService {
 public:
  // All outlive the service.
  StepService(rpc::Serving& serving, const CallingContext& calling, ApiSpecs& specs,
              InterfaceStep& interfaces)
      : serving_(serving), calling_(calling), specs_(specs), interfaces_(interfaces) {}

  grpc::ServerUnaryReactor* RunStep(grpc::CallbackServerContext* context,
                                    const platform::v1::RunStepRequest* request,
                                    platform::v1::RunStepResponse* response) override;

 private:
  rpc::Serving& serving_;
  const CallingContext& calling_;
  ApiSpecs& specs_;
  InterfaceStep& interfaces_;
};

}  // namespace penstock::connector

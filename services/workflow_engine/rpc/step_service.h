// penstock.platform.v1.StepService on the wire: the steps of the platform's own workflows that concern executions.
#pragma once

#include "libs/grpc/serving.h"
#include "libs/postgres/pool.h"
#include "penstock/platform/v1/step.grpc.pb.h"
#include "services/workflow_engine/ops/end_executions.h"

namespace penstock::workflow_engine {

class StepService final : public platform::v1::StepService::CallbackService {
 public:
  struct Dependencies {
    rpc::Serving& serving;
    postgres::Pool& server_pool;
    CancelOne cancel;
  };
  explicit StepService(Dependencies dependencies) : deps_(std::move(dependencies)) {}

  // "executions.end" {"tenantId"}: UNAVAILABLE while some are still open, so that it is called again.
  grpc::ServerUnaryReactor* RunStep(grpc::CallbackServerContext* context, const platform::v1::RunStepRequest* request,
                                    platform::v1::RunStepResponse* response) override;

 private:
  Dependencies deps_;
};

}  // namespace penstock::workflow_engine

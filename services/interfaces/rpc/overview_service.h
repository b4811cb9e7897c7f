// penstock.tenancy.v1.OverviewService on the wire.
#pragma once

#include "libs/grpc/serving.h"
#include "penstock/tenancy/v1/overview.grpc.pb.h"
#include "services/interfaces/ops/identity.h"

namespace penstock::interfaces {

class OverviewService final : public tenancy::v1::OverviewService::CallbackService {
 public:
  // Both outlive the service.
  OverviewService(rpc::Serving& serving, const IdentityContext& context)
      : serving_(serving), context_(context) {}

  grpc::ServerUnaryReactor* GetOverview(grpc::CallbackServerContext* context,
                                        const tenancy::v1::GetOverviewRequest* request,
                                        tenancy::v1::Overview* response) override;

 private:
  rpc::Serving& serving_;
  const IdentityContext& context_;
};

}  // namespace penstock::interfaces

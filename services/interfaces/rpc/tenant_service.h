// penstock.tenancy.v1.TenantService on the wire.
#pragma once

#include "libs/grpc/serving.h"
#include "penstock/tenancy/v1/tenant.grpc.pb.h"
#include "services/interfaces/ops/identity.h"

namespace penstock::interfaces {

class TenantService final : public tenancy::v1::TenantService::CallbackService {
 public:
  // Both outlive the service.
  TenantService(rpc::Serving& serving, const IdentityContext& context)
      : serving_(serving), context_(context) {}

  grpc::ServerUnaryReactor* GetTenant(grpc::CallbackServerContext* context,
                                      const tenancy::v1::GetTenantRequest* request,
                                      tenancy::v1::Tenant* response) override;
  grpc::ServerUnaryReactor* UpdateTenant(grpc::CallbackServerContext* context,
                                         const tenancy::v1::UpdateTenantRequest* request,
                                         tenancy::v1::Tenant* response) override;

 private:
  rpc::Serving& serving_;
  const IdentityContext& context_;
};

}  // namespace penstock::interfaces

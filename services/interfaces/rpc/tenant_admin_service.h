// penstock.tenancy.v1.TenantAdminService on the wire.
#pragma once

#include "libs/grpc/serving.h"
#include "penstock/tenancy/v1/tenant_admin.grpc.pb.h"
#include "services/interfaces/ops/tenant_operations.h"

namespace penstock::interfaces {

class TenantAdminService final : public tenancy::v1::TenantAdminService::CallbackService {
 public:
  // Both outlive the service.
  TenantAdminService(rpc::Serving& serving, const TenantOperationContext& context)
      : serving_(serving), context_(context) {}

  grpc::ServerUnaryReactor* CreateTenant(grpc::CallbackServerContext* context,
                                         const tenancy::v1::CreateTenantRequest* request,
                                         tenancy::v1::TenantOperation* response) override;
  grpc::ServerUnaryReactor* DeleteTenant(grpc::CallbackServerContext* context,
                                         const tenancy::v1::DeleteTenantRequest* request,
                                         tenancy::v1::TenantOperation* response) override;
  grpc::ServerUnaryReactor* GetTenantOperation(
      grpc::CallbackServerContext* context, const tenancy::v1::GetTenantOperationRequest* request,
      tenancy::v1::TenantOperation* response) override;
  grpc::ServerUnaryReactor* CancelTenantOperation(
      grpc::CallbackServerContext* context,
      const tenancy::v1::CancelTenantOperationRequest* request,
      tenancy::v1::TenantOperation* response) override;
  grpc::ServerUnaryReactor* ListTenants(grpc::CallbackServerContext* context,
                                        const tenancy::v1::ListTenantsRequest* request,
                                        tenancy::v1::ListTenantsResponse* response) override;

 private:
  rpc::Serving& serving_;
  const TenantOperationContext& context_;
};

}  // namespace penstock::interfaces

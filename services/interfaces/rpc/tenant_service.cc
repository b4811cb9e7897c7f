#include "services/interfaces/rpc/tenant_service.h"

#include "libs/grpc/serve.h"
#include "libs/request/caller.h"
#include "libs/status/macros.h"
#include "services/interfaces/rpc/convert_tenant.h"

namespace penstock::interfaces {

namespace v1 = tenancy::v1;
using auth::CallContext;

grpc::ServerUnaryReactor* TenantService::GetTenant(grpc::CallbackServerContext* context,
                                                   const v1::GetTenantRequest* request,
                                                   v1::Tenant* response) {
  return rpc::Serve(serving_, context, "/penstock.tenancy.v1.TenantService/GetTenant", request,
                    response,
                    [this](const CallContext& caller,
                           const v1::GetTenantRequest& request) -> absl::StatusOr<v1::Tenant> {
                      RETURN_IF_ERROR(CheckOwnTenant(caller, request.id()));
                      ASSIGN_OR_RETURN(const Tenant tenant, GetOwnTenant(context_, caller));
                      return ToProto(tenant);
                    });
}

grpc::ServerUnaryReactor* TenantService::UpdateTenant(grpc::CallbackServerContext* context,
                                                      const v1::UpdateTenantRequest* request,
                                                      v1::Tenant* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.TenantService/UpdateTenant", request, response,
      [this](const CallContext& caller,
             const v1::UpdateTenantRequest& request) -> absl::StatusOr<v1::Tenant> {
        ASSIGN_OR_RETURN(const TenantChange change, FromProto(caller, request));
        ASSIGN_OR_RETURN(const Tenant tenant, UpdateOwnTenant(context_, caller, change));
        return ToProto(tenant);
      });
}

}  // namespace penstock::interfaces

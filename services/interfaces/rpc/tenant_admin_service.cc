#include "services/interfaces/rpc/tenant_admin_service.h"

#include "libs/grpc/serve.h"
#include "libs/request/fields.h"
#include "libs/status/macros.h"
#include "services/interfaces/rpc/convert_tenant_operation.h"

namespace penstock::interfaces {

namespace v1 = tenancy::v1;
using auth::CallContext;

grpc::ServerUnaryReactor* TenantAdminService::CreateTenant(grpc::CallbackServerContext* context,
                                                           const v1::CreateTenantRequest* request,
                                                           v1::TenantOperation* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.TenantAdminService/CreateTenant", request, response,
      [this](const CallContext& caller,
             const v1::CreateTenantRequest& request) -> absl::StatusOr<v1::TenantOperation> {
        ASSIGN_OR_RETURN(const TenantRequest tenant, FromProto(request));
        ASSIGN_OR_RETURN(
            const TenantOperation operation,
            interfaces::CreateTenant(context_, caller, tenant, request.idempotency_key()));
        return ToProto(operation);
      });
}

grpc::ServerUnaryReactor* TenantAdminService::DeleteTenant(grpc::CallbackServerContext* context,
                                                           const v1::DeleteTenantRequest* request,
                                                           v1::TenantOperation* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.TenantAdminService/DeleteTenant", request, response,
      [this](const CallContext& caller,
             const v1::DeleteTenantRequest& request) -> absl::StatusOr<v1::TenantOperation> {
        ASSIGN_OR_RETURN(const TenantRemoval removal, FromProto(request));
        ASSIGN_OR_RETURN(const TenantOperation operation,
                         interfaces::DeleteTenant(context_, caller, removal));
        return ToProto(operation);
      });
}

grpc::ServerUnaryReactor* TenantAdminService::GetTenantOperation(
    grpc::CallbackServerContext* context, const v1::GetTenantOperationRequest* request,
    v1::TenantOperation* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.TenantAdminService/GetTenantOperation", request,
      response,
      [this](const CallContext& caller,
             const v1::GetTenantOperationRequest& request) -> absl::StatusOr<v1::TenantOperation> {
        ASSIGN_OR_RETURN(const ExecutionId id, ParseId<ExecutionId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const TenantOperation operation,
                         interfaces::GetTenantOperation(context_, caller, id));
        return ToProto(operation);
      });
}

grpc::ServerUnaryReactor* TenantAdminService::CancelTenantOperation(
    grpc::CallbackServerContext* context, const v1::CancelTenantOperationRequest* request,
    v1::TenantOperation* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.TenantAdminService/CancelTenantOperation", request,
      response,
      [this](const CallContext& caller, const v1::CancelTenantOperationRequest& request)
          -> absl::StatusOr<v1::TenantOperation> {
        ASSIGN_OR_RETURN(const ExecutionId id, ParseId<ExecutionId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const TenantOperation operation,
                         interfaces::CancelTenantOperation(context_, caller, id, request.reason()));
        return ToProto(operation);
      });
}

grpc::ServerUnaryReactor* TenantAdminService::ListTenants(grpc::CallbackServerContext* context,
                                                          const v1::ListTenantsRequest* request,
                                                          v1::ListTenantsResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.TenantAdminService/ListTenants", request, response,
      [this](const CallContext&,
             const v1::ListTenantsRequest& request) -> absl::StatusOr<v1::ListTenantsResponse> {
        ASSIGN_OR_RETURN(const TenantQuery query, FromProto(request));
        ASSIGN_OR_RETURN(const paging::Page<Tenant> page, interfaces::ListTenants(context_, query));
        return ToProto(page);
      });
}

}  // namespace penstock::interfaces

#include "services/interfaces/rpc/audit_service.h"

#include "libs/grpc/serve.h"
#include "libs/status/macros.h"
#include "services/interfaces/rpc/convert_audit.h"

namespace penstock::interfaces {

namespace v1 = tenancy::v1;
using auth::CallContext;

grpc::ServerUnaryReactor* AuditService::ListAuditEvents(grpc::CallbackServerContext* context,
                                                        const v1::ListAuditEventsRequest* request,
                                                        v1::ListAuditEventsResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.AuditService/ListAuditEvents", request, response,
      [this](const CallContext& caller, const v1::ListAuditEventsRequest& request)
          -> absl::StatusOr<v1::ListAuditEventsResponse> {
        ASSIGN_OR_RETURN(const AuditQuery query, FromProto(request));
        ASSIGN_OR_RETURN(const auto page, interfaces::ListAuditEvents(context_, caller, query));
        return ToProto(page);
      });
}

grpc::ServerUnaryReactor* AuditService::VerifyAuditLog(grpc::CallbackServerContext* context,
                                                       const v1::VerifyAuditLogRequest* request,
                                                       v1::VerifyAuditLogResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.AuditService/VerifyAuditLog", request, response,
      [this](const CallContext& caller,
             const v1::VerifyAuditLogRequest&) -> absl::StatusOr<v1::VerifyAuditLogResponse> {
        ASSIGN_OR_RETURN(const AuditVerdict verdict, interfaces::VerifyAuditLog(context_, caller));
        return ToProto(verdict);
      });
}

}  // namespace penstock::interfaces

#include "services/connector/rpc/credential_audit_service.h"

#include "libs/grpc/serve.h"
#include "libs/status/macros.h"
#include "services/connector/credentials/credential_audit.h"
#include "services/connector/rpc/convert_credential_use.h"

namespace penstock::connector {

using auth::CallContext;

grpc::ServerUnaryReactor* CredentialAuditService::ListCredentialUses(
    grpc::CallbackServerContext* context, const v1::ListCredentialUsesRequest* request,
    v1::ListCredentialUsesResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.CredentialAuditService/ListCredentialUses",
      request, response,
      [this](const CallContext& caller, const v1::ListCredentialUsesRequest& request)
          -> absl::StatusOr<v1::ListCredentialUsesResponse> {
        ASSIGN_OR_RETURN(const UseQuery query, FromProto(request));
        ASSIGN_OR_RETURN(const auto page, connector::ListCredentialUses(pool_, caller, query));
        return ToProto(page);
      });
}

grpc::ServerUnaryReactor* CredentialAuditService::VerifyCredentialAudit(
    grpc::CallbackServerContext* context, const v1::VerifyCredentialAuditRequest* request,
    v1::VerifyCredentialAuditResponse* response) {
  return rpc::Serve(serving_, context,
                    "/penstock.connector.v1.CredentialAuditService/VerifyCredentialAudit", request,
                    response,
                    [this](const CallContext& caller, const v1::VerifyCredentialAuditRequest&)
                        -> absl::StatusOr<v1::VerifyCredentialAuditResponse> {
                      ASSIGN_OR_RETURN(const audit_chain::Verdict verdict,
                                       connector::VerifyCredentialAudit(pool_, caller, clock_));
                      return ToProto(verdict);
                    });
}

}  // namespace penstock::connector

// penstock.connector.v1.CredentialAuditService on the wire.
#pragma once

#include "libs/clock/clock.h"
#include "libs/grpc/serving.h"
#include "libs/postgres/pool.h"
#include "penstock/connector/v1/credential_audit.grpc.pb.h"

namespace penstock::connector {

class CredentialAuditService final : public v1::CredentialAuditService::CallbackService {
 public:
  // All outlive the service.
  CredentialAuditService(rpc::Serving& serving, postgres::Pool& pool, const Clock& clock)
      : serving_(serving), pool_(pool), clock_(clock) {}

  grpc::ServerUnaryReactor* ListCredentialUses(grpc::CallbackServerContext* context,
                                               const v1::ListCredentialUsesRequest* request,
                                               v1::ListCredentialUsesResponse* response) override;
  grpc::ServerUnaryReactor* VerifyCredentialAudit(
      grpc::CallbackServerContext* context, const v1::VerifyCredentialAuditRequest* request,
      v1::VerifyCredentialAuditResponse* response) override;

 private:
  rpc::Serving& serving_;
  postgres::Pool& pool_;
  const Clock& clock_;
};

}  // namespace penstock::connector

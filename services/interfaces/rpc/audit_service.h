// penstock.tenancy.v1.AuditService on the wire.
#pragma once

#include "libs/grpc/serving.h"
#include "penstock/tenancy/v1/audit.grpc.pb.h"
#include "services/interfaces/ops/identity.h"

namespace penstock::interfaces {

class AuditService final : public tenancy::v1::AuditService::CallbackService {
 public:
  // Both outlive the service.
  AuditService(rpc::Serving& serving, const IdentityContext& context)
      : serving_(serving), context_(context) {}

  grpc::ServerUnaryReactor* ListAuditEvents(
      grpc::CallbackServerContext* context, const tenancy::v1::ListAuditEventsRequest* request,
      tenancy::v1::ListAuditEventsResponse* response) override;
  grpc::ServerUnaryReactor* VerifyAuditLog(grpc::CallbackServerContext* context,
                                           const tenancy::v1::VerifyAuditLogRequest* request,
                                           tenancy::v1::VerifyAuditLogResponse* response) override;

 private:
  rpc::Serving& serving_;
  const IdentityContext& context_;
};

}  // namespace penstock::interfaces

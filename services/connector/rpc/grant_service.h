// GrantService on the wire.
#pragma once

#include "libs/grpc/serving.h"
#include "penstock/connector/v1/grant.grpc.pb.h"
#include "services/connector/oauth/grant_operations.h"

namespace penstock::connector {

class GrantService final : public v1::GrantService::CallbackService {
 public:
  // Both outlive the service.
  GrantService(rpc::Serving& serving, const GrantContext& context)
      : serving_(serving), context_(context) {}

  grpc::ServerUnaryReactor* CreateGrant(grpc::CallbackServerContext* context,
                                        const v1::CreateGrantRequest* request,
                                        v1::Grant* response) override;
  grpc::ServerUnaryReactor* GetGrant(grpc::CallbackServerContext* context,
                                     const v1::GetGrantRequest* request,
                                     v1::Grant* response) override;
  grpc::ServerUnaryReactor* ListGrants(grpc::CallbackServerContext* context,
                                       const v1::ListGrantsRequest* request,
                                       v1::ListGrantsResponse* response) override;
  grpc::ServerUnaryReactor* StartAuthorization(grpc::CallbackServerContext* context,
                                               const v1::StartAuthorizationRequest* request,
                                               v1::StartAuthorizationResponse* response) override;
  grpc::ServerUnaryReactor* StartDeviceAuthorization(
      grpc::CallbackServerContext* context, const v1::StartDeviceAuthorizationRequest* request,
      v1::StartDeviceAuthorizationResponse* response) override;
  grpc::ServerUnaryReactor* RefreshGrant(grpc::CallbackServerContext* context,
                                         const v1::RefreshGrantRequest* request,
                                         v1::Grant* response) override;
  grpc::ServerUnaryReactor* RevokeGrant(grpc::CallbackServerContext* context,
                                        const v1::RevokeGrantRequest* request,
                                        v1::RevokeGrantResponse* response) override;
  grpc::ServerUnaryReactor* DeleteGrant(grpc::CallbackServerContext* context,
                                        const v1::DeleteGrantRequest* request,
                                        v1::DeleteGrantResponse* response) override;
  grpc::ServerUnaryReactor* OpenAuthorization(grpc::CallbackServerContext* context,
                                              const v1::OpenAuthorizationRequest* request,
                                              v1::OpenAuthorizationResponse* response) override;
  grpc::ServerUnaryReactor* CompleteAuthorization(
      grpc::CallbackServerContext* context, const v1::CompleteAuthorizationRequest* request,
      v1::CompleteAuthorizationResponse* response) override;

 private:
  rpc::Serving& serving_;
  const GrantContext& context_;
};

}  // namespace penstock::connector

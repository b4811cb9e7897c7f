// penstock.connector.v1.KeyService on the wire.
#pragma once

#include "libs/grpc/serving.h"
#include "penstock/connector/v1/key.grpc.pb.h"
#include "services/connector/keys/key_operations.h"

namespace penstock::connector {

class KeyService final : public v1::KeyService::CallbackService {
 public:
  // Both outlive the service.
  KeyService(rpc::Serving& serving, const KeyContext& context)
      : serving_(serving), context_(context) {}

  grpc::ServerUnaryReactor* GetKeyStatus(grpc::CallbackServerContext* context,
                                         const v1::GetKeyStatusRequest* request,
                                         v1::KeyStatus* response) override;
  grpc::ServerUnaryReactor* StartKeyRotation(grpc::CallbackServerContext* context,
                                             const v1::StartKeyRotationRequest* request,
                                             v1::KeyRotation* response) override;
  grpc::ServerUnaryReactor* GetKeyRotation(grpc::CallbackServerContext* context,
                                           const v1::GetKeyRotationRequest* request,
                                           v1::KeyRotation* response) override;
  grpc::ServerUnaryReactor* ListKeyRotations(grpc::CallbackServerContext* context,
                                             const v1::ListKeyRotationsRequest* request,
                                             v1::ListKeyRotationsResponse* response) override;
  grpc::ServerUnaryReactor* CancelKeyRotation(grpc::CallbackServerContext* context,
                                              const v1::CancelKeyRotationRequest* request,
                                              v1::KeyRotation* response) override;
  grpc::ServerUnaryReactor* DestroyTenantKeys(grpc::CallbackServerContext* context,
                                              const v1::DestroyTenantKeysRequest* request,
                                              v1::KeyRotation* response) override;

 private:
  rpc::Serving& serving_;
  const KeyContext& context_;
};

}  // namespace penstock::connector

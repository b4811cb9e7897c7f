// penstock.tenancy.v1.ApiKeyService on the wire.
#pragma once

#include "libs/grpc/serving.h"
#include "penstock/tenancy/v1/api_key.grpc.pb.h"
#include "services/interfaces/ops/identity.h"

namespace penstock::interfaces {

class ApiKeyService final : public tenancy::v1::ApiKeyService::CallbackService {
 public:
  // Both outlive the service.
  ApiKeyService(rpc::Serving& serving, const IdentityContext& context)
      : serving_(serving), context_(context) {}

  grpc::ServerUnaryReactor* CreateApiKey(grpc::CallbackServerContext* context,
                                         const tenancy::v1::CreateApiKeyRequest* request,
                                         tenancy::v1::CreateApiKeyResponse* response) override;
  grpc::ServerUnaryReactor* GetApiKey(grpc::CallbackServerContext* context,
                                      const tenancy::v1::GetApiKeyRequest* request,
                                      tenancy::v1::ApiKey* response) override;
  grpc::ServerUnaryReactor* ListApiKeys(grpc::CallbackServerContext* context,
                                        const tenancy::v1::ListApiKeysRequest* request,
                                        tenancy::v1::ListApiKeysResponse* response) override;
  grpc::ServerUnaryReactor* RotateApiKey(grpc::CallbackServerContext* context,
                                         const tenancy::v1::RotateApiKeyRequest* request,
                                         tenancy::v1::RotateApiKeyResponse* response) override;
  grpc::ServerUnaryReactor* RevokeApiKey(grpc::CallbackServerContext* context,
                                         const tenancy::v1::RevokeApiKeyRequest* request,
                                         tenancy::v1::ApiKey* response) override;

 private:
  rpc::Serving& serving_;
  const IdentityContext& context_;
};

}  // namespace penstock::interfaces

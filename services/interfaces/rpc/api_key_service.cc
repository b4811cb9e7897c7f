#include "services/interfaces/rpc/api_key_service.h"

#include "libs/grpc/serve.h"
#include "libs/request/fields.h"
#include "libs/status/macros.h"
#include "services/interfaces/rpc/convert_api_key.h"

namespace penstock::interfaces {

namespace v1 = tenancy::v1;
using auth::CallContext;

grpc::ServerUnaryReactor* ApiKeyService::CreateApiKey(grpc::CallbackServerContext* context,
                                                      const v1::CreateApiKeyRequest* request,
                                                      v1::CreateApiKeyResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.ApiKeyService/CreateApiKey", request, response,
      [this](const CallContext& caller,
             const v1::CreateApiKeyRequest& request) -> absl::StatusOr<v1::CreateApiKeyResponse> {
        ASSIGN_OR_RETURN(const NewApiKeyRequest key, FromProto(caller, request));
        ASSIGN_OR_RETURN(const IssuedApiKey issued,
                         interfaces::CreateApiKey(context_, caller, key));
        v1::CreateApiKeyResponse response;
        *response.mutable_api_key() = ToProto(issued.key);
        response.set_key(issued.text);
        return response;
      });
}

grpc::ServerUnaryReactor* ApiKeyService::GetApiKey(grpc::CallbackServerContext* context,
                                                   const v1::GetApiKeyRequest* request,
                                                   v1::ApiKey* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.ApiKeyService/GetApiKey", request, response,
      [this](const CallContext& caller,
             const v1::GetApiKeyRequest& request) -> absl::StatusOr<v1::ApiKey> {
        ASSIGN_OR_RETURN(const ApiKeyId id, ParseId<ApiKeyId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const ApiKey key, interfaces::GetApiKey(context_, caller, id));
        return ToProto(key);
      });
}

grpc::ServerUnaryReactor* ApiKeyService::ListApiKeys(grpc::CallbackServerContext* context,
                                                     const v1::ListApiKeysRequest* request,
                                                     v1::ListApiKeysResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.ApiKeyService/ListApiKeys", request, response,
      [this](const CallContext& caller,
             const v1::ListApiKeysRequest& request) -> absl::StatusOr<v1::ListApiKeysResponse> {
        ASSIGN_OR_RETURN(const ApiKeyQuery query, FromProto(request));
        ASSIGN_OR_RETURN(const auto page, interfaces::ListApiKeys(context_, caller, query));
        return ToProto(page);
      });
}

grpc::ServerUnaryReactor* ApiKeyService::RotateApiKey(grpc::CallbackServerContext* context,
                                                      const v1::RotateApiKeyRequest* request,
                                                      v1::RotateApiKeyResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.ApiKeyService/RotateApiKey", request, response,
      [this](const CallContext& caller,
             const v1::RotateApiKeyRequest& request) -> absl::StatusOr<v1::RotateApiKeyResponse> {
        ASSIGN_OR_RETURN(const ApiKeyId id, ParseId<ApiKeyId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const absl::Duration overlap, OverlapFrom(request));
        ASSIGN_OR_RETURN(const IssuedApiKey issued,
                         interfaces::RotateApiKey(context_, caller, id, overlap));
        v1::RotateApiKeyResponse response;
        *response.mutable_api_key() = ToProto(issued.key);
        response.set_key(issued.text);
        return response;
      });
}

grpc::ServerUnaryReactor* ApiKeyService::RevokeApiKey(grpc::CallbackServerContext* context,
                                                      const v1::RevokeApiKeyRequest* request,
                                                      v1::ApiKey* response) {
  return rpc::Serve(
      serving_, context, "/penstock.tenancy.v1.ApiKeyService/RevokeApiKey", request, response,
      [this](const CallContext& caller,
             const v1::RevokeApiKeyRequest& request) -> absl::StatusOr<v1::ApiKey> {
        ASSIGN_OR_RETURN(const ApiKeyId id, ParseId<ApiKeyId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const ApiKey key, interfaces::RevokeApiKey(context_, caller, id));
        return ToProto(key);
      });
}

}  // namespace penstock::interfaces

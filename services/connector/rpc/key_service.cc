#include "services/connector/rpc/key_service.h"

#include "libs/grpc/serve.h"
#include "libs/request/fields.h"
#include "libs/status/macros.h"
#include "services/connector/rpc/convert_key.h"

namespace penstock::connector {

using auth::CallContext;

grpc::ServerUnaryReactor* KeyService::GetKeyStatus(grpc::CallbackServerContext* context,
                                                   const v1::GetKeyStatusRequest* request,
                                                   v1::KeyStatus* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.KeyService/GetKeyStatus", request, response,
      [this](const CallContext&,
             const v1::GetKeyStatusRequest& request) -> absl::StatusOr<v1::KeyStatus> {
        ASSIGN_OR_RETURN(const auto tenant,
                         ParseOptionalId<TenantId>(request.tenant_id(), "tenant_id"));
        ASSIGN_OR_RETURN(const KeyStatus status, connector::GetKeyStatus(context_, tenant));
        return ToProto(status);
      });
}

grpc::ServerUnaryReactor* KeyService::StartKeyRotation(grpc::CallbackServerContext* context,
                                                       const v1::StartKeyRotationRequest* request,
                                                       v1::KeyRotation* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.KeyService/StartKeyRotation", request, response,
      [this](const CallContext& caller,
             const v1::StartKeyRotationRequest& request) -> absl::StatusOr<v1::KeyRotation> {
        ASSIGN_OR_RETURN(const RotationRequest rotation, FromProto(request));
        ASSIGN_OR_RETURN(const KeyRotation started,
                         connector::StartKeyRotation(context_, caller, rotation));
        return ToProto(started);
      });
}

grpc::ServerUnaryReactor* KeyService::GetKeyRotation(grpc::CallbackServerContext* context,
                                                     const v1::GetKeyRotationRequest* request,
                                                     v1::KeyRotation* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.KeyService/GetKeyRotation", request, response,
      [this](const CallContext&,
             const v1::GetKeyRotationRequest& request) -> absl::StatusOr<v1::KeyRotation> {
        ASSIGN_OR_RETURN(const Uuid id, ParseId<Uuid>(request.id(), "id"));
        ASSIGN_OR_RETURN(const KeyRotation rotation, connector::GetKeyRotation(context_, id));
        return ToProto(rotation);
      });
}

grpc::ServerUnaryReactor* KeyService::ListKeyRotations(grpc::CallbackServerContext* context,
                                                       const v1::ListKeyRotationsRequest* request,
                                                       v1::ListKeyRotationsResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.KeyService/ListKeyRotations", request, response,
      [this](const CallContext&, const v1::ListKeyRotationsRequest& request)
          -> absl::StatusOr<v1::ListKeyRotationsResponse> {
        ASSIGN_OR_RETURN(const auto page, connector::ListKeyRotations(context_, request.page_size(),
                                                                      request.page_token()));
        return ToProto(page);
      });
}

grpc::ServerUnaryReactor* KeyService::CancelKeyRotation(grpc::CallbackServerContext* context,
                                                        const v1::CancelKeyRotationRequest* request,
                                                        v1::KeyRotation* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.KeyService/CancelKeyRotation", request, response,
      [this](const CallContext& caller,
             const v1::CancelKeyRotationRequest& request) -> absl::StatusOr<v1::KeyRotation> {
        ASSIGN_OR_RETURN(const Uuid id, ParseId<Uuid>(request.id(), "id"));
        ASSIGN_OR_RETURN(const KeyRotation rotation,
                         connector::CancelKeyRotation(context_, caller, id, request.reason()));
        return ToProto(rotation);
      });
}

grpc::ServerUnaryReactor* KeyService::DestroyTenantKeys(grpc::CallbackServerContext* context,
                                                        const v1::DestroyTenantKeysRequest* request,
                                                        v1::KeyRotation* response) {
  return rpc::Serve(
      serving_, context, "/penstock.connector.v1.KeyService/DestroyTenantKeys", request, response,
      [this](const CallContext& caller,
             const v1::DestroyTenantKeysRequest& request) -> absl::StatusOr<v1::KeyRotation> {
        ASSIGN_OR_RETURN(const TenantId tenant,
                         ParseId<TenantId>(request.tenant_id(), "tenant_id"));
        ASSIGN_OR_RETURN(
            const KeyRotation destruction,
            connector::DestroyTenantKeys(context_, caller, tenant, request.confirmation()));
        return ToProto(destruction);
      });
}

}  // namespace penstock::connector

#include "services/interfaces/rpc/webhook_service.h"

#include <string_view>

#include "libs/grpc/serve.h"
#include "libs/request/caller.h"
#include "libs/status/macros.h"
#include "services/interfaces/ops/webhooks.h"
#include "services/interfaces/rpc/convert_webhook.h"

namespace penstock::interfaces {

using auth::CallContext;

grpc::ServerUnaryReactor* WebhookService::ListDeliveries(grpc::CallbackServerContext* context,
                                                         const v1::ListDeliveriesRequest* request,
                                                         v1::ListDeliveriesResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.interfaces.v1.WebhookService/ListDeliveries", request, response,
      [this](const CallContext& caller, const v1::ListDeliveriesRequest& request)
          -> absl::StatusOr<v1::ListDeliveriesResponse> {
        RETURN_IF_ERROR(CheckTenantWide(caller));
        ASSIGN_OR_RETURN(const DeliveryFilter filter, FromProto(request));
        ASSIGN_OR_RETURN(const auto page, interfaces::ListDeliveries(engine_, caller, filter));
        return ToProto(page);
      });
}

grpc::ServerUnaryReactor* WebhookService::GetDelivery(grpc::CallbackServerContext* context,
                                                      const v1::GetDeliveryRequest* request,
                                                      v1::Delivery* response) {
  return rpc::Serve(
      serving_, context, "/penstock.interfaces.v1.WebhookService/GetDelivery", request, response,
      [this](const CallContext& caller,
             const v1::GetDeliveryRequest& request) -> absl::StatusOr<v1::Delivery> {
        RETURN_IF_ERROR(CheckTenantWide(caller));
        ASSIGN_OR_RETURN(const WebhookId id, DeliveryIdFrom(request.id()));
        ASSIGN_OR_RETURN(const auto stored, interfaces::GetDelivery(engine_, caller, id));
        return ToProto(stored);
      });
}

grpc::ServerUnaryReactor* WebhookService::Redeliver(grpc::CallbackServerContext* context,
                                                    const v1::RedeliverRequest* request,
                                                    v1::Delivery* response) {
  return rpc::Serve(
      serving_, context, "/penstock.interfaces.v1.WebhookService/Redeliver", request, response,
      [this](const CallContext& caller,
             const v1::RedeliverRequest& request) -> absl::StatusOr<v1::Delivery> {
        RETURN_IF_ERROR(CheckTenantWide(caller));
        ASSIGN_OR_RETURN(const WebhookId id, DeliveryIdFrom(request.id()));
        ASSIGN_OR_RETURN(const auto stored, interfaces::Redeliver(engine_, caller, id));
        return ToProto(stored);
      });
}

grpc::ServerUnaryReactor* WebhookService::CreateSigningSecret(
    grpc::CallbackServerContext* context, const v1::CreateSigningSecretRequest* request,
    v1::SigningSecret* response) {
  return rpc::Serve(
      serving_, context, "/penstock.interfaces.v1.WebhookService/CreateSigningSecret", request,
      response,
      [this](const CallContext& caller,
             const v1::CreateSigningSecretRequest& request) -> absl::StatusOr<v1::SigningSecret> {
        RETURN_IF_ERROR(CheckTenantWide(caller));
        ASSIGN_OR_RETURN(const CreatedSigningSecret created,
                         interfaces::CreateSigningSecret(
                             engine_, caller, {request.name(), request.value()}, clock_));
        return ToProto(created);
      });
}

grpc::ServerUnaryReactor* WebhookService::ListSigningSecrets(
    grpc::CallbackServerContext* context, const v1::ListSigningSecretsRequest* request,
    v1::ListSigningSecretsResponse* response) {
  return rpc::Serve(serving_, context, "/penstock.interfaces.v1.WebhookService/ListSigningSecrets",
                    request, response,
                    [this](const CallContext& caller, const v1::ListSigningSecretsRequest&)
                        -> absl::StatusOr<v1::ListSigningSecretsResponse> {
                      RETURN_IF_ERROR(CheckTenantWide(caller));
                      ASSIGN_OR_RETURN(const auto secrets,
                                       interfaces::ListSigningSecrets(engine_, caller));
                      return ToProto(secrets);
                    });
}

grpc::ServerUnaryReactor* WebhookService::DeleteSigningSecret(
    grpc::CallbackServerContext* context, const v1::DeleteSigningSecretRequest* request,
    v1::DeleteSigningSecretResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.interfaces.v1.WebhookService/DeleteSigningSecret", request,
      response,
      [this](const CallContext& caller, const v1::DeleteSigningSecretRequest& request)
          -> absl::StatusOr<v1::DeleteSigningSecretResponse> {
        RETURN_IF_ERROR(CheckTenantWide(caller));
        RETURN_IF_ERROR(interfaces::DeleteSigningSecret(engine_, caller, request.name()));
        return v1::DeleteSigningSecretResponse();
      });
}

}  // namespace penstock::interfaces

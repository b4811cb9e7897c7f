// penstock.interfaces.v1.WebhookService on the wire.
#pragma once

#include "libs/clock/clock.h"
#include "libs/grpc/serving.h"
#include "penstock/interfaces/v1/webhook.grpc.pb.h"
#include "services/interfaces/engine_client/engine_client.h"

namespace penstock::interfaces {

class WebhookService final : public v1::WebhookService::CallbackService {
 public:
  // All outlive the service.
  WebhookService(rpc::Serving& serving, const EngineClient& engine, const Clock& clock)
      : serving_(serving), engine_(engine), clock_(clock) {}

  grpc::ServerUnaryReactor* ListDeliveries(grpc::CallbackServerContext* context,
                                           const v1::ListDeliveriesRequest* request,
                                           v1::ListDeliveriesResponse* response) override;
  grpc::ServerUnaryReactor* GetDelivery(grpc::CallbackServerContext* context,
                                        const v1::GetDeliveryRequest* request,
                                        v1::Delivery* response) override;
  grpc::ServerUnaryReactor* Redeliver(grpc::CallbackServerContext* context,
                                      const v1::RedeliverRequest* request,
                                      v1::Delivery* response) override;
  grpc::ServerUnaryReactor* CreateSigningSecret(grpc::CallbackServerContext* context,
                                                const v1::CreateSigningSecretRequest* request,
                                                v1::SigningSecret* response) override;
  grpc::ServerUnaryReactor* ListSigningSecrets(grpc::CallbackServerContext* context,
                                               const v1::ListSigningSecretsRequest* request,
                                               v1::ListSigningSecretsResponse* response) override;
  grpc::ServerUnaryReactor* DeleteSigningSecret(grpc::CallbackServerContext* context,
                                                const v1::DeleteSigningSecretRequest* request,
                                                v1::DeleteSigningSecretResponse* response) override;

 private:
  rpc::Serving& serving_;
  const EngineClient& engine_;
  const Clock& clock_;
};

}  // namespace penstock::interfaces

// IngressService on the wire: what other services and engines hand in. Service tokens only; the role table says so.
#pragma once

#include "libs/crypto/sealer.h"
#include "libs/grpc/serving.h"
#include "libs/postgres/pool.h"
#include "penstock/workflow/v1/ingress.grpc.pb.h"
#include "services/workflow_engine/ingress/forwarder.h"
#include "services/workflow_engine/ingress/ingress.h"
#include "services/workflow_engine/ingress/routes.h"
#include "services/workflow_engine/ingress/starter.h"
#include "services/workflow_engine/ops/start_execution.h"

namespace penstock::workflow_engine {

class IngressService final : public workflow::v1::IngressService::CallbackService {
 public:
  struct Dependencies {
    rpc::Serving& serving;
    postgres::Pool& server_pool;
    const crypto::Sealer& sealer;
    Routes& routes;
    Ingress& ingress;
    Forwarder& forwarder;
    workflow_engine::StartExecution& start_execution;
    Starter& starter;
  };
  explicit IngressService(Dependencies dependencies) : deps_(dependencies) {}

  grpc::ServerBidiReactor<workflow::v1::DeliverRequest, workflow::v1::DeliverResponse>* Deliver(grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* ListDeliveries(grpc::CallbackServerContext* context, const workflow::v1::ListDeliveriesInternalRequest* request,
                                           workflow::v1::ListDeliveriesInternalResponse* response) override;
  grpc::ServerUnaryReactor* Redeliver(grpc::CallbackServerContext* context, const workflow::v1::RedeliverInternalRequest* request,
                                      workflow::v1::RedeliverInternalResponse* response) override;
  grpc::ServerUnaryReactor* PutSigningSecret(grpc::CallbackServerContext* context, const workflow::v1::PutSigningSecretInternalRequest* request,
                                             workflow::v1::PutSigningSecretInternalResponse* response) override;
  grpc::ServerUnaryReactor* ListSigningSecrets(grpc::CallbackServerContext* context,
                                               const workflow::v1::ListSigningSecretsInternalRequest* request,
                                               workflow::v1::ListSigningSecretsInternalResponse* response) override;
  grpc::ServerUnaryReactor* DeleteSigningSecret(grpc::CallbackServerContext* context,
                                                const workflow::v1::DeleteSigningSecretInternalRequest* request,
                                                workflow::v1::DeleteSigningSecretInternalResponse* response) override;
  grpc::ServerUnaryReactor* InvalidateRoutes(grpc::CallbackServerContext* context, const workflow::v1::InvalidateRoutesRequest* request,
                                             workflow::v1::InvalidateRoutesResponse* response) override;
  grpc::ServerUnaryReactor* ForwardStart(grpc::CallbackServerContext* context, const workflow::v1::ForwardStartRequest* request,
                                         workflow::v1::Execution* response) override;
  grpc::ServerUnaryReactor* ForwardControl(grpc::CallbackServerContext* context, const workflow::v1::ForwardControlRequest* request,
                                           workflow::v1::Execution* response) override;

 private:
  // Drops the routes of a tenant here and on every other engine.
  void RoutesChanged(TenantId tenant);

  Dependencies deps_;
};

}  // namespace penstock::workflow_engine

#include "services/workflow_engine/rpc/ingress_service.h"

#include <utility>

#include "libs/crypto/secret.h"
#include "libs/grpc/serve.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/ingress/signing_secrets.h"
#include "services/workflow_engine/ops/list_deliveries.h"
#include "services/workflow_engine/ops/redeliver.h"
#include "services/workflow_engine/rpc/convert_delivery.h"
#include "services/workflow_engine/rpc/deliver_stream.h"
#include "services/workflow_engine/rpc/start_request.h"

namespace penstock::workflow_engine {

namespace v1 = workflow::v1;
using auth::CallContext;

namespace {


// The tenant a service acts for stands in its token; a request that names another is refused.
absl::Status CheckTenant(const CallContext& caller, const std::string& tenant_id) {
  std::optional<TenantId> tenant = TenantId::Parse(tenant_id);
  if (!tenant || *tenant != caller.tenant) return InvalidField("tenant_id", "must be the tenant of the service token");
  return absl::OkStatus();
}

}  // namespace

grpc::ServerBidiReactor<v1::DeliverRequest, v1::DeliverResponse>* IngressService::Deliver(grpc::CallbackServerContext* context) {
  return DeliverStream::Start(deps_.serving, context, deps_.ingress);
}

grpc::ServerUnaryReactor* IngressService::ListDeliveries(grpc::CallbackServerContext* context,
                                                         const v1::ListDeliveriesInternalRequest* request,
                                                         v1::ListDeliveriesInternalResponse* response) {
  return rpc::Serve(deps_.serving, context, "/penstock.workflow.v1.IngressService/ListDeliveries", request, response,
                    [this](const CallContext& caller,
                           const v1::ListDeliveriesInternalRequest& request) -> absl::StatusOr<v1::ListDeliveriesInternalResponse> {
                      RETURN_IF_ERROR(CheckTenant(caller, request.tenant_id()));
                      ASSIGN_OR_RETURN(DeliveryQuery query, FromProto(request));
                      ASSIGN_OR_RETURN(DeliveryPage page, workflow_engine::ListDeliveries(deps_.server_pool, caller, query));
                      return ToProto(page);
                    });
}

grpc::ServerUnaryReactor* IngressService::Redeliver(grpc::CallbackServerContext* context, const v1::RedeliverInternalRequest* request,
                                                    v1::RedeliverInternalResponse* response) {
  return rpc::Serve(deps_.serving, context, "/penstock.workflow.v1.IngressService/Redeliver", request, response,
                    [this](const CallContext& caller, const v1::RedeliverInternalRequest& request) -> absl::StatusOr<v1::RedeliverInternalResponse> {
                      RETURN_IF_ERROR(CheckTenant(caller, request.tenant_id()));
                      std::optional<WebhookId> id = WebhookId::Parse(request.id());
                      if (!id) return InvalidField("id", "must be a UUID");
                      ASSIGN_OR_RETURN(DeliveryRecord record,
                                       workflow_engine::Redeliver(deps_.server_pool, deps_.ingress, caller, *id));
                      v1::RedeliverInternalResponse response;
                      *response.mutable_delivery() = ToProto(record);
                      return response;
                    });
}

grpc::ServerUnaryReactor* IngressService::PutSigningSecret(grpc::CallbackServerContext* context,
                                                           const v1::PutSigningSecretInternalRequest* request,
                                                           v1::PutSigningSecretInternalResponse* response) {
  return rpc::Serve(deps_.serving, context, "/penstock.workflow.v1.IngressService/PutSigningSecret", request, response,
                    [this](const CallContext& caller,
                           const v1::PutSigningSecretInternalRequest& request) -> absl::StatusOr<v1::PutSigningSecretInternalResponse> {
                      RETURN_IF_ERROR(CheckTenant(caller, request.tenant_id()));
                      crypto::Secret secret(request.secret());
                      RETURN_IF_ERROR(workflow_engine::PutSigningSecret(deps_.server_pool, deps_.sealer, caller.tenant, request.name(), secret));
                      RoutesChanged(caller.tenant);
                      return v1::PutSigningSecretInternalResponse();
                    });
}

grpc::ServerUnaryReactor* IngressService::ListSigningSecrets(grpc::CallbackServerContext* context,
                                                             const v1::ListSigningSecretsInternalRequest* request,
                                                             v1::ListSigningSecretsInternalResponse* response) {
  return rpc::Serve(deps_.serving, context, "/penstock.workflow.v1.IngressService/ListSigningSecrets", request, response,
                    [this](const CallContext& caller,
                           const v1::ListSigningSecretsInternalRequest& request) -> absl::StatusOr<v1::ListSigningSecretsInternalResponse> {
                      RETURN_IF_ERROR(CheckTenant(caller, request.tenant_id()));
                      ASSIGN_OR_RETURN(std::vector<SigningSecretName> names, workflow_engine::ListSigningSecrets(deps_.server_pool, caller.tenant));
                      v1::ListSigningSecretsInternalResponse response;
                      for (const SigningSecretName& name : names) {
                        auto* secret = response.add_secrets();
                        secret->set_name(name.name);
                        secret->mutable_create_time()->set_seconds(absl::ToUnixSeconds(name.created_at));
                      }
                      return response;
                    });
}

grpc::ServerUnaryReactor* IngressService::DeleteSigningSecret(grpc::CallbackServerContext* context,
                                                              const v1::DeleteSigningSecretInternalRequest* request,
                                                              v1::DeleteSigningSecretInternalResponse* response) {
  return rpc::Serve(deps_.serving, context, "/penstock.workflow.v1.IngressService/DeleteSigningSecret", request, response,
                    [this](const CallContext& caller,
                           const v1::DeleteSigningSecretInternalRequest& request) -> absl::StatusOr<v1::DeleteSigningSecretInternalResponse> {
                      RETURN_IF_ERROR(CheckTenant(caller, request.tenant_id()));
                      RETURN_IF_ERROR(workflow_engine::DeleteSigningSecret(deps_.server_pool, caller.tenant, request.name()));
                      RoutesChanged(caller.tenant);
                      return v1::DeleteSigningSecretInternalResponse();
                    });
}

grpc::ServerUnaryReactor* IngressService::InvalidateRoutes(grpc::CallbackServerContext* context, const v1::InvalidateRoutesRequest* request,
                                                           v1::InvalidateRoutesResponse* response) {
  return rpc::Serve(deps_.serving, context, "/penstock.workflow.v1.IngressService/InvalidateRoutes", request, response,
                    [this](const CallContext& caller, const v1::InvalidateRoutesRequest& request) -> absl::StatusOr<v1::InvalidateRoutesResponse> {
                      RETURN_IF_ERROR(CheckTenant(caller, request.tenant_id()));
                      deps_.routes.Invalidate(caller.tenant);
                      return v1::InvalidateRoutesResponse();
                    });
}

grpc::ServerUnaryReactor* IngressService::ForwardStart(grpc::CallbackServerContext* context, const v1::ForwardStartRequest* request,
                                                       v1::Execution* response) {
  return rpc::ServeAsync(deps_.serving, context, "/penstock.workflow.v1.IngressService/ForwardStart", request, response,
                         [this](const CallContext& caller, const v1::ForwardStartRequest& request, rpc::Done<v1::Execution> done) {
                           absl::Status allowed = CheckTenant(caller, request.tenant_id());
                           if (!allowed.ok()) return done(allowed);
                           absl::StatusOr<StartCommand> command = FromForward(caller, request);
                           if (!command.ok()) return done(command.status());
                           if (!deps_.starter.owns(ShardOfKey(command->tenant, command->idempotency_key))) {
                             return done(ShardMoving());
                           }
                           RunStart(deps_.start_execution, deps_.server_pool, deps_.serving.workers(), *std::move(command), std::move(done));
                         });
}

grpc::ServerUnaryReactor* IngressService::ForwardControl(grpc::CallbackServerContext* context, const v1::ForwardControlRequest* request,
                                                         v1::Execution* response) {
  return rpc::ServeAsync(deps_.serving, context, "/penstock.workflow.v1.IngressService/ForwardControl", request, response,
                         [this](const CallContext& caller, const v1::ForwardControlRequest& request, rpc::Done<v1::Execution> done) {
                           absl::StatusOr<SteerCommand> command = FromForward(request);
                           if (!command.ok()) return done(command.status());
                           command->tenant = caller.tenant;
                           ShardId shard = ShardOf(command->id);
                           if (!deps_.starter.owns(shard)) {
                             return done(ShardMoving());
                           }
                           RunSteer(deps_.starter.GroupOf(shard), deps_.server_pool, deps_.serving.workers(), caller, *std::move(command),
                                    std::move(done));
                         });
}

void IngressService::RoutesChanged(TenantId tenant) {
  deps_.routes.Invalidate(tenant);
  deps_.forwarder.InvalidateRoutes(tenant);
}

}  // namespace penstock::workflow_engine

#include "services/interfaces/engine_client/engine_client.h"

#include <utility>

#include "grpc/health/v1/health.grpc.pb.h"
#include "libs/grpc/channel.h"
#include "libs/grpc/status_conversion.h"
#include "libs/status/details.h"
#include "services/interfaces/engine_client/engine_error.h"

namespace penstock::interfaces {

using Stub = workflow::v1::IngressService::Stub;

EngineClient::EngineClient(std::shared_ptr<grpc::Channel> channel,
                           const auth::ServiceTokens& tokens)
    : channel_(std::move(channel)),
      tokens_(tokens),
      stub_(workflow::v1::IngressService::NewStub(channel_)),
      executions_(workflow::v1::ExecutionService::NewStub(channel_)) {}

template <typename Response, typename Method, typename Request>
absl::StatusOr<Response> EngineClient::Call(const auth::CallContext& caller, Method method,
                                            Request request) const {
  request.set_tenant_id(caller.tenant.ToString());
  return CallAt<Response>(*stub_, caller, method, request);
}

template <typename Response, typename Stub, typename Method, typename Request>
absl::StatusOr<Response> EngineClient::CallAt(Stub& stub, const auth::CallContext& caller,
                                              Method method, const Request& request) const {
  grpc::ClientContext context;
  rpc::PrepareCall(context, tokens_, caller);
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (status.ok()) return response;
  return EngineError(rpc::FromGrpcStatus(status));
}

absl::StatusOr<workflow::v1::ListDeliveriesInternalResponse> EngineClient::ListDeliveries(
    const auth::CallContext& caller, workflow::v1::ListDeliveriesInternalRequest request) const {
  return Call<workflow::v1::ListDeliveriesInternalResponse>(caller, &Stub::ListDeliveries,
                                                            std::move(request));
}

absl::StatusOr<workflow::v1::RedeliverInternalResponse> EngineClient::Redeliver(
    const auth::CallContext& caller, workflow::v1::RedeliverInternalRequest request) const {
  return Call<workflow::v1::RedeliverInternalResponse>(caller, &Stub::Redeliver,
                                                       std::move(request));
}

absl::Status EngineClient::PutSigningSecret(
    const auth::CallContext& caller, workflow::v1::PutSigningSecretInternalRequest request) const {
  return Call<workflow::v1::PutSigningSecretInternalResponse>(caller, &Stub::PutSigningSecret,
                                                              std::move(request))
      .status();
}

absl::StatusOr<workflow::v1::ListSigningSecretsInternalResponse> EngineClient::ListSigningSecrets(
    const auth::CallContext& caller) const {
  return Call<workflow::v1::ListSigningSecretsInternalResponse>(
      caller, &Stub::ListSigningSecrets, workflow::v1::ListSigningSecretsInternalRequest());
}

absl::Status EngineClient::DeleteSigningSecret(
    const auth::CallContext& caller,
    workflow::v1::DeleteSigningSecretInternalRequest request) const {
  return Call<workflow::v1::DeleteSigningSecretInternalResponse>(caller, &Stub::DeleteSigningSecret,
                                                                 std::move(request))
      .status();
}

absl::StatusOr<workflow::v1::Execution> EngineClient::StartExecution(
    const auth::CallContext& caller, const workflow::v1::StartExecutionRequest& request) const {
  return CallAt<workflow::v1::Execution>(
      *executions_, caller, &workflow::v1::ExecutionService::Stub::StartExecution, request);
}

absl::StatusOr<workflow::v1::Execution> EngineClient::GetExecution(const auth::CallContext& caller,
                                                                   ExecutionId id) const {
  workflow::v1::GetExecutionRequest request;
  request.set_id(id.ToString());
  return CallAt<workflow::v1::Execution>(
      *executions_, caller, &workflow::v1::ExecutionService::Stub::GetExecution, request);
}

absl::Status EngineClient::CancelExecution(const auth::CallContext& caller, ExecutionId id,
                                           const std::string& reason) const {
  workflow::v1::CancelExecutionRequest request;
  request.set_id(id.ToString());
  request.set_reason(reason);
  return CallAt<workflow::v1::Execution>(
             *executions_, caller, &workflow::v1::ExecutionService::Stub::CancelExecution, request)
      .status();
}

absl::Status EngineClient::CheckHealth(absl::Time deadline) const {
  namespace health = grpc::health::v1;
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(deadline));
  health::HealthCheckResponse response;
  const grpc::Status status =
      health::Health::NewStub(channel_)->Check(&context, health::HealthCheckRequest(), &response);
  if (!status.ok()) return WithContext(rpc::FromGrpcStatus(status), "the engine's health");
  if (response.status() != health::HealthCheckResponse::SERVING) {
    return absl::UnavailableError("the engine is not ready");
  }
  return absl::OkStatus();
}

}  // namespace penstock::interfaces

// The unary calls of an engine, on behalf of the tenant of the call being served.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "libs/auth/call_context.h"
#include "libs/auth/service_token.h"
#include "penstock/workflow/v1/execution.grpc.pb.h"
#include "penstock/workflow/v1/ingress.grpc.pb.h"

namespace penstock::interfaces {

class EngineClient {
 public:
  // `tokens` outlives the client.
  EngineClient(std::shared_ptr<grpc::Channel> channel, const auth::ServiceTokens& tokens);

  // Each fills tenant_id where the request has one, goes out with a service token of the caller's tenant and within the
  // caller's deadline, and blocks. Errors are the engine's, with their details; UNAVAILABLE (reason
  // ENGINE_UNREACHABLE) when there is none.
  absl::StatusOr<workflow::v1::ListDeliveriesInternalResponse> ListDeliveries(
      const auth::CallContext& caller, workflow::v1::ListDeliveriesInternalRequest request) const;
  absl::StatusOr<workflow::v1::RedeliverInternalResponse> Redeliver(
      const auth::CallContext& caller, workflow::v1::RedeliverInternalRequest request) const;
  absl::Status PutSigningSecret(const auth::CallContext& caller,
                                workflow::v1::PutSigningSecretInternalRequest request) const;
  absl::StatusOr<workflow::v1::ListSigningSecretsInternalResponse> ListSigningSecrets(
      const auth::CallContext& caller) const;
  absl::Status DeleteSigningSecret(const auth::CallContext& caller,
                                   workflow::v1::DeleteSigningSecretInternalRequest request) const;

  // Executions of the caller's tenant, as the caller itself would.
  absl::StatusOr<workflow::v1::Execution> StartExecution(
      const auth::CallContext& caller, const workflow::v1::StartExecutionRequest& request) const;
  absl::StatusOr<workflow::v1::Execution> GetExecution(const auth::CallContext& caller,
                                                       ExecutionId id) const;
  absl::Status CancelExecution(const auth::CallContext& caller, ExecutionId id,
                               const std::string& reason) const;

  // OK when the engine says SERVING.
  absl::Status CheckHealth(absl::Time deadline) const;

 private:
  template <typename Response, typename Method, typename Request>
  absl::StatusOr<Response> Call(const auth::CallContext& caller, Method method,
                                Request request) const;
  template <typename Response, typename Stub, typename Method, typename Request>
  absl::StatusOr<Response> CallAt(Stub& stub, const auth::CallContext& caller, Method method,
                                  const Request& request) const;

  const std::shared_ptr<grpc::Channel> channel_;
  const auth::ServiceTokens& tokens_;
  const std::unique_ptr<workflow::v1::IngressService::Stub> stub_;
  const std::unique_ptr<workflow::v1::ExecutionService::Stub> executions_;
};

}  // namespace penstock::interfaces

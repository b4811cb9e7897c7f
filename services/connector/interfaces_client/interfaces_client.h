// Calls of service interfaces, without a thread each, because an answer may take as long as an
// execution does.
#pragma once

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "libs/auth/call_context.h"
#include "libs/auth/service_token.h"
#include "libs/grpc/outgoing_calls.h"
#include "penstock/interfaces/v1/service_interface.grpc.pb.h"

namespace penstock::connector {

class InterfacesClient {
 public:
  using Request = interfaces::v1::InvokeServiceInterfaceRequest;
  using Response = interfaces::v1::InvokeServiceInterfaceResponse;
  using Done = std::function<void(absl::StatusOr<Response>)>;

  // `tokens` outlives it.
  InterfacesClient(const std::shared_ptr<grpc::Channel>& channel,
                   const auth::ServiceTokens& tokens);

  // Cancels what is under way, and waits until whoever asked has been told.
  void Stop() { calls_.Stop(); }

  // Goes out with a service token of the caller's tenant, within the caller's deadline, and calls
  // `done` once, from a thread of gRPC. Errors are interfaces-service's, with their details;
  // UNAVAILABLE (INTERFACES_UNREACHABLE) when there is none.
  void Invoke(const auth::CallContext& caller, Request request, Done done);

 private:
  const auth::ServiceTokens& tokens_;
  const std::unique_ptr<interfaces::v1::ServiceInterfaceService::Stub> stub_;
  rpc::OutgoingCalls calls_;
};

}  // namespace penstock::connector

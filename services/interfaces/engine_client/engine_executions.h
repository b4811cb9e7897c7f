// The engine's executions, asked for without a thread each, because an answer may take as long as
// an execution does.
#pragma once

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "libs/auth/call_context.h"
#include "libs/auth/service_token.h"
#include "libs/grpc/outgoing_calls.h"
#include "penstock/workflow/v1/execution.grpc.pb.h"

namespace penstock::interfaces {

class EngineExecutions {
 public:
  template <typename Response>
  using Done = std::function<void(absl::StatusOr<Response>)>;

  // `tokens` outlives it.
  EngineExecutions(const std::shared_ptr<grpc::Channel>& channel,
                   const auth::ServiceTokens& tokens);

  // Cancels what is under way, and waits until whoever asked has been told.
  void Stop() { calls_.Stop(); }

  // Each goes out with a service token of the caller's tenant, within the caller's deadline, and
  // calls `done` once, from a thread of gRPC. Errors as EngineError says.
  void Start(const auth::CallContext& caller, workflow::v1::StartExecutionRequest request,
             Done<workflow::v1::Execution> done);
  void Get(const auth::CallContext& caller, workflow::v1::GetExecutionRequest request,
           Done<workflow::v1::Execution> done);
  void Signal(const auth::CallContext& caller, workflow::v1::SignalExecutionRequest request,
              Done<workflow::v1::Execution> done);
  void Query(const auth::CallContext& caller, workflow::v1::QueryExecutionRequest request,
             Done<workflow::v1::QueryExecutionResponse> done);

 private:
  using Async = workflow::v1::ExecutionService::StubInterface::async_interface;

  template <typename Request, typename Response>
  void Send(void (Async::*method)(grpc::ClientContext*, const Request*, Response*,
                                  std::function<void(grpc::Status)>),
            const auth::CallContext& caller, Request request, Done<Response> done);

  const auth::ServiceTokens& tokens_;
  const std::unique_ptr<workflow::v1::ExecutionService::Stub> stub_;
  rpc::OutgoingCalls calls_;
};

}  // namespace penstock::interfaces

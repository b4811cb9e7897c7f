#include "services/interfaces/engine_client/engine_executions.h"

#include <utility>

#include "libs/grpc/channel.h"
#include "services/interfaces/engine_client/engine_error.h"

namespace penstock::interfaces {

namespace v1 = workflow::v1;

EngineExecutions::EngineExecutions(const std::shared_ptr<grpc::Channel>& channel,
                                   const auth::ServiceTokens& tokens)
    : tokens_(tokens), stub_(v1::ExecutionService::NewStub(channel)) {}

template <typename Request, typename Response>
void EngineExecutions::Send(void (Async::*method)(grpc::ClientContext*, const Request*, Response*,
                                                  std::function<void(grpc::Status)>),
                            const auth::CallContext& caller, Request request, Done<Response> done) {
  Async* stub = stub_->async();
  calls_.Send<Async, Request, Response>(
      stub, method, std::move(request),
      [&](grpc::ClientContext& context) { rpc::PrepareCall(context, tokens_, caller); },
      [done = std::move(done)](absl::StatusOr<Response> response) {
        if (!response.ok()) return done(EngineError(response.status()));
        done(std::move(response));
      });
}

void EngineExecutions::Start(const auth::CallContext& caller, v1::StartExecutionRequest request,
                             Done<v1::Execution> done) {
  Send(&Async::StartExecution, caller, std::move(request), std::move(done));
}

void EngineExecutions::Get(const auth::CallContext& caller, v1::GetExecutionRequest request,
                           Done<v1::Execution> done) {
  Send(&Async::GetExecution, caller, std::move(request), std::move(done));
}

void EngineExecutions::Signal(const auth::CallContext& caller, v1::SignalExecutionRequest request,
                              Done<v1::Execution> done) {
  Send(&Async::SignalExecution, caller, std::move(request), std::move(done));
}

void EngineExecutions::Query(const auth::CallContext& caller, v1::QueryExecutionRequest request,
                             Done<v1::QueryExecutionResponse> done) {
  Send(&Async::QueryExecution, caller, std::move(request), std::move(done));
}

}  // namespace penstock::interfaces

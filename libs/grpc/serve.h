// The one wrapper around unary RPCs: deadline, credentials, role, request id, trace, limit, log
// line, metrics, and errors as google.rpc details. What is left of an RPC is: FromProto, operation,
// ToProto.
//
//   grpc::ServerUnaryReactor* GetWorkflow(grpc::CallbackServerContext* context, const
//   GetWorkflowRequest* request,
//                                         Workflow* response) override {
//     return rpc::Serve(serving_, context, "/penstock.workflow.v1.WorkflowService/GetWorkflow",
//     request, response,
//                       [this](const CallContext& caller, const GetWorkflowRequest& request) ->
//                       absl::StatusOr<Workflow> {...});
//   }
//
// Serve runs the handler on a worker thread, where it may block. ServeAsync runs it where the call
// arrived, where it must not; its answer may come later, from any thread.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "absl/status/statusor.h"
#include "grpcpp/support/server_callback.h"
#include "libs/grpc/serving.h"
#include "libs/grpc/unary_call.h"
#include "libs/lifecycle/cancellation.h"

namespace penstock::rpc {

// Answers an asynchronous call. May be called from any thread, once; later calls, and calls after
// the client has gone or the deadline has passed, do nothing. Dropping every copy unanswered
// answers INTERNAL.
template <typename Response>
using Done = std::function<void(absl::StatusOr<Response>)>;

// `handler`: absl::StatusOr<Response>(const CallContext&, const Request&), or one that also takes
// a lifecycle::Cancellation&, which says when nobody waits for its answer any more.
template <typename Request, typename Response, typename Handler>
::grpc::ServerUnaryReactor* Serve(Serving& serving, ::grpc::CallbackServerContext* context,
                                  std::string_view full_method, const Request* request,
                                  Response* response, Handler handler) {
  return UnaryCall::StartBlocking(
      serving, context, full_method,
      [request, response, handler = std::move(handler)](
          const CallContext& caller, lifecycle::Cancellation& gone) -> absl::Status {
        absl::StatusOr<Response> answer = [&] {
          if constexpr (std::is_invocable_v<const Handler&, const CallContext&, const Request&,
                                            lifecycle::Cancellation&>) {
            return handler(caller, *request, gone);
          } else {
            return handler(caller, *request);
          }
        }();
        if (answer.ok()) *response = *std::move(answer);
        return std::move(answer).status();
      });
}

// `handler`: void(const CallContext&, const Request&, Done<Response>). The request lives until the
// handler returns: copy what is needed later.
template <typename Request, typename Response, typename Handler>
::grpc::ServerUnaryReactor* ServeAsync(Serving& serving, ::grpc::CallbackServerContext* context,
                                       std::string_view full_method, const Request* request,
                                       Response* response, Handler handler) {
  return UnaryCall::StartAsync(
      serving, context, full_method,
      [request, response, handler = std::move(handler)](const CallContext& caller,
                                                        std::shared_ptr<UnaryAnswer> answer) {
        handler(
            caller, *request,
            Done<Response>([answer = std::move(answer), response](absl::StatusOr<Response> result) {
              answer->Give(result.status(), [&] { *response = *std::move(result); });
            }));
      });
}

}  // namespace penstock::rpc

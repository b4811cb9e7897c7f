// Asynchronous unary calls to another service, without a thread each, none of which outlives what
// its answer goes to.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/client_context.h"
#include "libs/grpc/status_conversion.h"

namespace penstock::rpc {

class OutgoingCalls {
 public:
  OutgoingCalls() = default;
  ~OutgoingCalls() { Stop(); }
  OutgoingCalls(const OutgoingCalls&) = delete;
  OutgoingCalls& operator=(const OutgoingCalls&) = delete;

  // Cancels what is under way and waits until each `done` has been called. Not from one of them.
  void Stop();

  // Sends `request` by a method of an asynchronous stub. `prepare` gives the call its credentials
  // and deadline. `done` is called once: from a thread of gRPC, or at once (UNAVAILABLE) after
  // Stop.
  template <typename Stub, typename Request, typename Response>
  void Send(Stub* stub,
            void (Stub::*method)(::grpc::ClientContext*, const Request*, Response*,
                                 std::function<void(::grpc::Status)>),
            Request request, const std::function<void(::grpc::ClientContext&)>& prepare,
            std::function<void(absl::StatusOr<Response>)> done) {
    struct Call {
      ::grpc::ClientContext context;
      Request request;
      Response response;
    };
    auto call = std::make_shared<Call>();
    call->request = std::move(request);
    prepare(call->context);
    if (!Enter(&call->context)) return done(Stopped());
    (stub->*method)(&call->context, &call->request, &call->response,
                    [this, call, done = std::move(done)](const ::grpc::Status& status) {
                      if (status.ok()) {
                        done(std::move(call->response));
                      } else {
                        done(FromGrpcStatus(status));
                      }
                      Leave(&call->context);
                    });
  }

 private:
  static absl::Status Stopped();
  bool Enter(::grpc::ClientContext* context);
  void Leave(::grpc::ClientContext* context);

  absl::Mutex mutex_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::set<::grpc::ClientContext*> under_way_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace penstock::rpc

// One unary call from arrival to answer, without its message types. Used through serve.h.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "grpcpp/support/server_callback.h"
#include "libs/grpc/serving.h"
#include "libs/lifecycle/cancellation.h"

namespace penstock::rpc {

// The right to answer an asynchronous call, shared by whoever may do so.
class UnaryAnswer {
 public:
  virtual ~UnaryAnswer() = default;
  // The first call answers; `write_response` runs only if this is the one, `status` is OK and the
  // client still waits.
  virtual void Give(const absl::Status& status, absl::FunctionRef<void()> write_response) = 0;
};

class UnaryCall {
 public:
  // `gone` is cancelled when the client goes, or its deadline passes, before the body returns.
  using BlockingBody =
      std::function<absl::Status(const CallContext&, lifecycle::Cancellation& gone)>;
  using AsyncBody = std::function<void(const CallContext&, std::shared_ptr<UnaryAnswer>)>;

  static ::grpc::ServerUnaryReactor* StartBlocking(Serving& serving,
                                                   ::grpc::CallbackServerContext* context,
                                                   std::string_view full_method, BlockingBody body);
  static ::grpc::ServerUnaryReactor* StartAsync(Serving& serving,
                                                ::grpc::CallbackServerContext* context,
                                                std::string_view full_method, AsyncBody body);
};

}  // namespace penstock::rpc

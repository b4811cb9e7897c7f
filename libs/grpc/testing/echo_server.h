// A server whose handlers are the test's: what libs/grpc does around them, seen from a real client.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "grpcpp/grpcpp.h"
#include "libs/auth/authenticator.h"
#include "libs/auth/role_table.h"
#include "libs/clock/clock.h"
#include "libs/grpc/serve.h"
#include "libs/grpc/serve_stream.h"
#include "libs/grpc/server.h"
#include "libs/grpc/serving.h"
#include "libs/grpc/testing/echo.grpc.pb.h"
#include "libs/lifecycle/cancellation.h"
#include "libs/lifecycle/readiness.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/metrics/metrics.h"

namespace penstock::rpc::testing {

// Takes "viewer" and "admin" as credentials; says of "looked-up" that it has to be looked up.
class NamedRoles final : public auth::Authenticator {
 public:
  bool Recognizes(std::string_view) const override { return true; }
  absl::StatusOr<auth::CallContext> Authenticate(std::string_view credential, absl::Time) const override;
  std::optional<absl::StatusOr<auth::CallContext>> TryAuthenticate(std::string_view credential) const override;
};

class EchoServer {
 public:
  struct Options {
    ServingOptions serving = {};
    int workers = 4;
    int max_message_bytes = 1 << 20;
  };
  using Say = std::function<absl::StatusOr<EchoResponse>(const CallContext&, const EchoRequest&)>;
  using SayLater = std::function<void(const CallContext&, const EchoRequest&, Done<EchoResponse>)>;
  using Repeat = std::function<void(const CallContext&, const EchoRequest&, std::shared_ptr<StreamWriter<EchoResponse>>)>;

  EchoServer() : EchoServer(Options()) {}
  explicit EchoServer(const Options& options);
  ~EchoServer();

  // Set before the first call. By default what is said comes back.
  Say say = [](const CallContext&, const EchoRequest& request) -> absl::StatusOr<EchoResponse> {
    EchoResponse response;
    response.set_text(request.text());
    return response;
  };
  // Runs before `say` does.
  std::function<void(lifecycle::Cancellation& gone)> before_say = [](lifecycle::Cancellation&) {};
  SayLater say_later = [](const CallContext&, const EchoRequest&, Done<EchoResponse> done) { done(EchoResponse()); };
  Repeat repeat = [](const CallContext&, const EchoRequest&, std::shared_ptr<StreamWriter<EchoResponse>>) {};

  Echo::Stub& stub() { return *stub_; }
  const std::shared_ptr<::grpc::Channel>& channel() const { return channel_; }
  Serving& serving() { return serving_; }
  Server& server() { return *server_; }
  lifecycle::Readiness& readiness() { return readiness_; }
  // How often a method ended so, as the metrics say.
  int Finished(const std::string& method, const std::string& code) const;
  // Waits until it has ended so that often.
  bool AwaitInFlight(int calls) const;
  bool AwaitFinished(const std::string& method, const std::string& code, int times = 1) const;

 private:
  class Service;
  int Measured(const std::vector<std::string>& parts) const;
  static bool Await(absl::FunctionRef<bool()> true_in_time);

  RealClock clock_;
  NamedRoles roles_;
  auth::BearerAuthenticator authenticator_{{&roles_}};
  auth::RoleTable table_;
  metrics::Registry registry_;
  lifecycle::Readiness readiness_{{"test"}};
  lifecycle::ThreadPool workers_;
  Serving serving_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<::grpc::Channel> channel_;
  std::unique_ptr<Echo::Stub> stub_;
};

// A call's context with a credential, a deadline that only a broken test meets, and headers.
std::unique_ptr<::grpc::ClientContext> As(const std::string& credential, absl::Duration timeout = absl::Seconds(60));

}  // namespace penstock::rpc::testing

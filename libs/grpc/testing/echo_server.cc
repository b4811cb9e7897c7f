#include "libs/grpc/testing/echo_server.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "fmt/format.h"

namespace penstock::rpc::testing {

absl::StatusOr<auth::CallContext> NamedRoles::Authenticate(std::string_view credential, absl::Time) const {
  auth::CallContext caller;
  if (credential == "nobody") return absl::UnauthenticatedError("nobody");
  caller.tenant = TenantId::Make(absl::Now());
  caller.role = credential == "admin" ? auth::Role::kAdmin : auth::Role::kViewer;
  return caller;
}

std::optional<absl::StatusOr<auth::CallContext>> NamedRoles::TryAuthenticate(std::string_view credential) const {
  if (credential == "looked-up") return std::nullopt;
  return Authenticate(credential, absl::InfiniteFuture());
}

class EchoServer::Service final : public Echo::CallbackService {
 public:
  explicit Service(EchoServer& owner) : owner_(owner) {}

  ::grpc::ServerUnaryReactor* Say(::grpc::CallbackServerContext* context, const EchoRequest* request, EchoResponse* response) override {
    return Serve(owner_.serving_, context, "/penstock.rpc.testing.Echo/Say", request, response,
                 [this](const CallContext& caller, const EchoRequest& request,
                        lifecycle::Cancellation& gone) {
                   owner_.before_say(gone);
                   return owner_.say(caller, request);
                 });
  }
  ::grpc::ServerUnaryReactor* SayLater(::grpc::CallbackServerContext* context, const EchoRequest* request, EchoResponse* response) override {
    return ServeAsync(owner_.serving_, context, "/penstock.rpc.testing.Echo/SayLater", request, response,
                      [this](const CallContext& caller, const EchoRequest& request, Done<EchoResponse> done) {
                        owner_.say_later(caller, request, std::move(done));
                      });
  }
  ::grpc::ServerWriteReactor<EchoResponse>* Repeat(::grpc::CallbackServerContext* context, const EchoRequest* request) override {
    return ServeStream<EchoResponse>(owner_.serving_, context, "/penstock.rpc.testing.Echo/Repeat", request,
                                     [this](const CallContext& caller, const EchoRequest& request,
                                            std::shared_ptr<StreamWriter<EchoResponse>> writer) {
                                       owner_.repeat(caller, request, std::move(writer));
                                     });
  }
  ::grpc::ServerUnaryReactor* Forgotten(::grpc::CallbackServerContext* context, const EchoRequest* request, EchoResponse* response) override {
    return Serve(owner_.serving_, context, "/penstock.rpc.testing.Echo/Forgotten", request, response,
                 [](const CallContext&, const EchoRequest&) -> absl::StatusOr<EchoResponse> { return EchoResponse(); });
  }

 private:
  EchoServer& owner_;
};

EchoServer::EchoServer(const Options& options)
    : table_({{"/penstock.rpc.testing.Echo/Say", auth::Access::kViewer},
              {"/penstock.rpc.testing.Echo/SayLater", auth::Access::kViewer},
              {"/penstock.rpc.testing.Echo/Repeat", auth::Access::kAdmin}}),
      workers_({.name = "test", .threads = options.workers, .max_queued = 100}),
      serving_(authenticator_, table_, workers_, registry_, clock_, options.serving),
      service_(std::make_unique<Service>(*this)) {
  ServerOptions listen;
  listen.address = "127.0.0.1:0";
  listen.max_message_bytes = options.max_message_bytes;
  server_ = Server::Create(listen, {service_.get()}, readiness_).value();
  channel_ = ::grpc::CreateChannel(fmt::format("127.0.0.1:{}", server_->port()), ::grpc::InsecureChannelCredentials());
  stub_ = Echo::NewStub(channel_);
}

EchoServer::~EchoServer() {
  server_->Drain(absl::ZeroDuration());
  workers_.Stop();
}

// The value of the line that has all of these in it; 0 when there is none.
int EchoServer::Measured(const std::vector<std::string>& parts) const {
  std::string exposed = registry_.Expose();
  for (size_t begin = 0; begin < exposed.size();) {
    size_t end = std::min(exposed.find('\n', begin), exposed.size());
    std::string line = exposed.substr(begin, end - begin);
    begin = end + 1;
    bool has_all = !line.starts_with('#') &&
                   std::ranges::all_of(parts, [&line](const std::string& part) { return line.find(part) != line.npos; });
    if (has_all) return static_cast<int>(std::stod(line.substr(line.rfind(' ') + 1)));
  }
  return 0;
}

int EchoServer::Finished(const std::string& method, const std::string& code) const {
  return Measured({"penstock_rpc_finished_total{", "Echo/" + method + "\"", "code=\"" + code + "\""});
}

bool EchoServer::AwaitFinished(const std::string& method, const std::string& code, int times) const {
  return Await([&] { return Finished(method, code) >= times; });
}

bool EchoServer::AwaitInFlight(int calls) const {
  return Await([&] { return Measured({"penstock_rpc_in_flight "}) == calls; });
}

bool EchoServer::Await(absl::FunctionRef<bool()> true_in_time) {
  absl::Time begin = absl::Now();
  while (!true_in_time()) {
    if (absl::Now() - begin > absl::Seconds(30)) return false;
    std::this_thread::yield();
  }
  return true;
}

std::unique_ptr<::grpc::ClientContext> As(const std::string& credential, absl::Duration timeout) {
  auto context = std::make_unique<::grpc::ClientContext>();
  if (!credential.empty()) context->AddMetadata("authorization", "Bearer " + credential);
  if (timeout != absl::InfiniteDuration()) context->set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  return context;
}

}  // namespace penstock::rpc::testing

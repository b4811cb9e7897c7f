#include "libs/grpc/health.h"

#include <memory>
#include <string>

#include "google/protobuf/descriptor.h"
#include "libs/grpc/status_conversion.h"
#include "libs/grpc/stream_writer.h"

namespace penstock::rpc {
namespace {

using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;

bool IsKnown(const std::string& service) {
  return service.empty() ||
         google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(service) != nullptr;
}

HealthCheckResponse Response(HealthCheckResponse::ServingStatus status) {
  HealthCheckResponse response;
  response.set_status(status);
  return response;
}

HealthCheckResponse::ServingStatus StatusOf(bool ready) {
  return ready ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING;
}

// Changes are few, and a client that does not read even a handful of them has stopped listening.
constexpr size_t kBufferedChanges = 16;

class WatchReactor final : public ::grpc::ServerWriteReactor<HealthCheckResponse>,
                           private StreamTransport<HealthCheckResponse> {
 public:
  WatchReactor()
      : buffer_(std::make_shared<StreamBuffer<HealthCheckResponse>>(
            static_cast<StreamTransport<HealthCheckResponse>&>(*this), kBufferedChanges)) {}

  void Start(lifecycle::Readiness& readiness, const std::string& service) {
    // Held on this thread as well: the call may end, and this object go, at any moment.
    std::shared_ptr<StreamBuffer<HealthCheckResponse>> buffer = buffer_;
    if (IsKnown(service)) {
      watch_ = readiness.Watch([buffer, &readiness](bool ready) {
        buffer->Write(Response(StatusOf(ready)));
        if (readiness.draining()) buffer->Finish(absl::UnavailableError("shutting down"));
      });
    } else {
      buffer->Write(Response(HealthCheckResponse::SERVICE_UNKNOWN));
    }
    buffer->HandlerReturned();
  }

 private:
  void StartWriting(const HealthCheckResponse& message) override { StartWrite(&message); }
  void End(const absl::Status& status) override { Finish(ToGrpcStatus(status)); }
  void OnWriteDone(bool ok) override {
    std::shared_ptr<StreamBuffer<HealthCheckResponse>> buffer = buffer_;
    buffer->Written(ok);
  }
  void OnCancel() override {
    std::shared_ptr<StreamBuffer<HealthCheckResponse>> buffer = buffer_;
    buffer->Close();
  }
  void OnDone() override { delete this; }

  const std::shared_ptr<StreamBuffer<HealthCheckResponse>> buffer_;
  lifecycle::Readiness::WatchHandle watch_;
};

}  // namespace

::grpc::ServerUnaryReactor* HealthService::Check(::grpc::CallbackServerContext* context,
                                                 const HealthCheckRequest* request,
                                                 HealthCheckResponse* response) {
  ::grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  if (!IsKnown(request->service())) {
    reactor->Finish({::grpc::StatusCode::NOT_FOUND, "unknown service"});
    return reactor;
  }
  *response = Response(StatusOf(readiness_.ready()));
  reactor->Finish(::grpc::Status::OK);
  return reactor;
}

::grpc::ServerWriteReactor<HealthCheckResponse>* HealthService::Watch(
    ::grpc::CallbackServerContext*, const HealthCheckRequest* request) {
  auto* reactor = new WatchReactor();
  reactor->Start(readiness_, request->service());
  return reactor;
}

}  // namespace penstock::rpc

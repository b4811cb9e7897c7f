// The wrapper around server-streaming RPCs: as Serve, with a writer that buffers a bounded number
// of messages and tells when there is room again.
//
//   return rpc::ServeStream<Event>(serving_, context,
//   "/penstock.workflow.v1.EventService/SubscribeEvents", request,
//       [this](const CallContext& caller, const SubscribeEventsRequest& request,
//       std::shared_ptr<rpc::StreamWriter<Event>> writer) {...});
//
// The handler runs on a worker thread, may block for a page of rows but not for the life of the
// stream, and returns; the request is gone then. The stream lives until the writer's Finish, the
// client's going, or the last reference to the writer is dropped (which ends it as OK).
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "grpcpp/support/server_callback.h"
#include "libs/grpc/serving.h"
#include "libs/grpc/status_conversion.h"
#include "libs/grpc/stream_writer.h"

namespace penstock::rpc {

inline constexpr size_t kStreamBufferMessages = 256;

// What becomes of a stream when the process drains.
enum class AtDrain {
  kEnd,    // has no end of its own: ends at once, DRAINING, after what is buffered; its client resumes elsewhere
  kGoOn,   // will end by itself: has until the drain's patience is over
};

// One streaming call. Deletes itself when gRPC is done with it.
template <typename Response>
class StreamReactor final : public ::grpc::ServerWriteReactor<Response>,
                            private StreamTransport<Response> {
 public:
  using Body = std::function<void(const CallContext&, std::shared_ptr<StreamWriter<Response>>)>;

  StreamReactor(Serving& serving, ::grpc::CallbackServerContext* context,
                std::string_view full_method, AtDrain at_drain)
      : serving_(serving),
        at_drain_(at_drain),
        context_(context),
        full_method_(full_method),
        started_(serving.clock().Now()),
        buffer_(std::make_shared<StreamBuffer<Response>>(
            static_cast<StreamTransport<Response>&>(*this), kStreamBufferMessages)) {}

  void Start(Body body) {
    absl::StatusOr<Serving::Slot> slot = serving_.EnterStream();
    if (!slot.ok()) return Refuse(slot.status());
    slot_ = *std::move(slot);
    if (at_drain_ == AtDrain::kEnd) {
      drain_ = serving_.OnDrain([weak = std::weak_ptr<StreamBuffer<Response>>(buffer_)] {
        if (auto buffer = weak.lock()) buffer->EndEarly(Draining());
      });
    }
    absl::Status queued = serving_.workers().Submit([this, body = std::move(body)] { Run(body); });
    if (!queued.ok()) Refuse(queued);
  }

 private:
  void Run(const Body& body) {
    // End, and with it the deletion of this object, waits for HandlerReturned; the buffer outlives
    // both.
    std::shared_ptr<StreamBuffer<Response>> buffer = buffer_;
    absl::StatusOr<CallContext> caller = serving_.Authenticate(*context_, full_method_);
    if (!caller.ok()) return Refuse(caller.status());
    caller_ = *std::move(caller);
    // Held here as well, so that a handler that throws ends the stream as failed: dropping the last
    // writer ends it as OK.
    auto writer = std::make_shared<StreamWriter<Response>>(buffer);
    absl::Status outcome = serving_.Guard(caller_, [&] {
      body(caller_, writer);
      return absl::OkStatus();
    });
    if (!outcome.ok()) buffer->Finish(outcome);
    writer.reset();
    buffer->HandlerReturned();
  }

  void Refuse(const absl::Status& status) {
    std::shared_ptr<StreamBuffer<Response>> buffer = buffer_;
    buffer->Finish(status);
    buffer->HandlerReturned();
  }

  void StartWriting(const Response& message) override { this->StartWrite(&message); }
  void End(const absl::Status& status) override {
    serving_.Record(full_method_, status, serving_.clock().Now() - started_, caller_);
    this->Finish(ToGrpcStatus(status));
  }
  void OnWriteDone(bool ok) override {
    std::shared_ptr<StreamBuffer<Response>> buffer = buffer_;
    buffer->Written(ok);
  }
  void OnCancel() override {
    std::shared_ptr<StreamBuffer<Response>> buffer = buffer_;
    buffer->Close();
  }
  void OnDone() override { delete this; }

  Serving& serving_;
  const AtDrain at_drain_;
  ::grpc::CallbackServerContext* const context_;
  const std::string full_method_;
  const absl::Time started_;
  const std::shared_ptr<StreamBuffer<Response>> buffer_;
  Serving::Slot slot_;
  Serving::DrainHandle drain_;
  CallContext caller_;
};

// `handler`: void(const CallContext&, const Request&, std::shared_ptr<StreamWriter<Response>>).
template <typename Response, typename Request, typename Handler>
::grpc::ServerWriteReactor<Response>* ServeStream(Serving& serving,
                                                  ::grpc::CallbackServerContext* context,
                                                  std::string_view full_method,
                                                  const Request* request, Handler handler,
                                                  AtDrain at_drain = AtDrain::kEnd) {
  auto* reactor = new StreamReactor<Response>(serving, context, full_method, at_drain);
  reactor->Start([request, handler = std::move(handler)](
                     const CallContext& caller, std::shared_ptr<StreamWriter<Response>> writer) {
    handler(caller, *request, std::move(writer));
  });
  return reactor;
}

}  // namespace penstock::rpc

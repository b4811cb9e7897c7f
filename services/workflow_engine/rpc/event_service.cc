#include "services/workflow_engine/rpc/event_service.h"

#include <memory>
#include <utility>

#include "libs/grpc/serve.h"
#include "libs/grpc/serve_stream.h"
#include "libs/request/caller.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/ops/event_stream.h"
#include "services/workflow_engine/ops/list_events.h"
#include "services/workflow_engine/ops/scope.h"
#include "services/workflow_engine/rpc/convert_event.h"

namespace penstock::workflow_engine {

namespace v1 = workflow::v1;
using auth::CallContext;

namespace {

using Writer = rpc::StreamWriter<v1::Event>;

// An event stream's sink that is a gRPC stream.
class WriterSink final : public EventSink {
 public:
  explicit WriterSink(std::shared_ptr<Writer> writer) : writer_(std::move(writer)) {}

  Taken Send(const EventRecord& event) override {
    switch (writer_->Write(ToProto(event))) {
      case rpc::Taken::kTaken:
        return Taken::kTaken;
      case rpc::Taken::kFull:
        return Taken::kFull;
      case rpc::Taken::kClosed:
        break;
    }
    return Taken::kClosed;
  }
  void End(const absl::Status& status) override { writer_->Finish(status); }

 private:
  std::shared_ptr<Writer> writer_;
};

// The call keeps the stream until the client goes; the stream keeps the writer until it ends.
// Whichever comes first breaks the ring.
void Run(const std::shared_ptr<EventStream>& stream, Writer& writer) {
  writer.OnRoom([weak = std::weak_ptr<EventStream>(stream)] {
    if (auto stream = weak.lock()) stream->Continue();
  });
  writer.OnClosed([stream] { stream->Close(); });
  stream->Continue();
}

}  // namespace

grpc::ServerUnaryReactor* EventService::ListEvents(grpc::CallbackServerContext* context,
                                                   const v1::ListEventsRequest* request,
                                                   v1::ListEventsResponse* response) {
  return rpc::Serve(
      deps_.serving, context, "/penstock.workflow.v1.EventService/ListEvents", request, response,
      [this](const CallContext& caller,
             const v1::ListEventsRequest& request) -> absl::StatusOr<v1::ListEventsResponse> {
        RETURN_IF_ERROR(CheckTenantWide(caller));
        ASSIGN_OR_RETURN(EventQuery query, FromProto(request));
        ASSIGN_OR_RETURN(EventPage page,
                         workflow_engine::ListEvents(deps_.server_pool, caller, query));
        return ToProto(page);
      });
}

grpc::ServerWriteReactor<v1::Event>* EventService::ReplayEvents(
    grpc::CallbackServerContext* context, const v1::ReplayEventsRequest* request) {
  return rpc::ServeStream<v1::Event>(
      deps_.serving, context, "/penstock.workflow.v1.EventService/ReplayEvents", request,
      [this](const CallContext& caller, const v1::ReplayEventsRequest& request,
             std::shared_ptr<Writer> writer) {
        if (absl::Status wide = CheckTenantWide(caller); !wide.ok()) return writer->Finish(wide);
        absl::StatusOr<EventFilter> filter = FromProto(request);
        if (!filter.ok()) return writer->Finish(filter.status());
        Run(EventStream::Replay({deps_.server_pool, deps_.serving.workers(), deps_.committed},
                                ScopeOf(caller), *std::move(filter),
                                std::make_unique<WriterSink>(writer)),
            *writer);
      },
      rpc::AtDrain::kGoOn);
}

grpc::ServerWriteReactor<v1::Event>* EventService::SubscribeEvents(
    grpc::CallbackServerContext* context, const v1::SubscribeEventsRequest* request) {
  return rpc::ServeStream<v1::Event>(
      deps_.serving, context, "/penstock.workflow.v1.EventService/SubscribeEvents", request,
      [this](const CallContext& caller, const v1::SubscribeEventsRequest& request,
             std::shared_ptr<Writer> writer) {
        if (absl::Status wide = CheckTenantWide(caller); !wide.ok()) return writer->Finish(wide);
        absl::StatusOr<Subscription> wanted = FromProto(request);
        if (!wanted.ok()) return writer->Finish(wanted.status());
        Run(EventStream::Follow({deps_.server_pool, deps_.serving.workers(), deps_.committed},
                                ScopeOf(caller), std::move(wanted->filter), wanted->from,
                                std::make_unique<WriterSink>(writer)),
            *writer);
      });
}

}  // namespace penstock::workflow_engine

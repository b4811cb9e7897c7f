#include "services/workflow_engine/rpc/deliver_stream.h"

#include <utility>

#include "libs/grpc/status_conversion.h"
#include "services/workflow_engine/ingress/wire_delivery.h"

namespace penstock::workflow_engine {

namespace v1 = workflow::v1;

grpc::ServerBidiReactor<v1::DeliverRequest, v1::DeliverResponse>* DeliverStream::Start(rpc::Serving& serving,
                                                                                      grpc::CallbackServerContext* context,
                                                                                      Ingress& ingress) {
  std::shared_ptr<DeliverStream> stream(new DeliverStream(ingress));
  stream->self_ = stream;
  absl::StatusOr<auth::CallContext> caller = serving.Authenticate(*context, "/penstock.workflow.v1.IngressService/Deliver");
  absl::Status refusal = serving.draining() ? rpc::Draining() : caller.status();
  if (!refusal.ok()) {
    absl::MutexLock lock(&stream->mutex_);
    stream->finished_ = true;
    stream->Finish(rpc::ToGrpcStatus(refusal));
  } else {
    stream->drain_ = serving.OnDrain([weak = std::weak_ptr<DeliverStream>(stream)] {
      if (auto stream = weak.lock()) stream->StartDrain();
    });
    stream->StartRead(&stream->request_);
  }
  return stream.get();
}

void DeliverStream::OnReadDone(bool ok) {
  if (!ok) {
    absl::MutexLock lock(&mutex_);
    no_more_ = true;
    Proceed();
    return;
  }
  {
    absl::MutexLock lock(&mutex_);
    unanswered_ += request_.deliveries_size();
  }
  for (v1::Delivery& wire : *request_.mutable_deliveries()) {
    uint64_t correlation = wire.correlation();
    absl::StatusOr<InboundDelivery> delivery = FromWire(std::move(wire));
    if (!delivery.ok()) {
      Reply(correlation, delivery.status());
      continue;
    }
    ingress_.Deliver(*std::move(delivery), [self = shared_from_this(), correlation](const absl::StatusOr<DeliveryAnswer>& answer) {
      self->Reply(correlation, answer);
    });
  }
  request_.Clear();
  StartRead(&request_);
}

void DeliverStream::StartDrain() {
  absl::MutexLock lock(&mutex_);
  draining_ = true;
  filling_.set_draining(true);
  Proceed();
}

void DeliverStream::Reply(uint64_t correlation, const absl::StatusOr<DeliveryAnswer>& answer) {
  v1::DeliveryReply reply;
  reply.set_correlation(correlation);
  ToWire(answer, reply);
  absl::MutexLock lock(&mutex_);
  --unanswered_;
  *filling_.add_replies() = std::move(reply);
  Proceed();
}

// Writes what there is, or ends the stream when nothing is to come.
void DeliverStream::Proceed() {
  if (writing_ || finished_) return;
  if (!broken_ && (filling_.replies_size() > 0 || filling_.draining())) {
    writing_ = true;
    sending_.Clear();
    sending_.Swap(&filling_);
    StartWrite(&sending_);
  } else if (broken_ || (no_more_ && unanswered_ == 0)) {
    finished_ = true;
    Finish(draining_ ? rpc::ToGrpcStatus(rpc::Draining()) : grpc::Status::OK);
  }
}

void DeliverStream::OnWriteDone(bool ok) {
  absl::MutexLock lock(&mutex_);
  writing_ = false;
  if (!ok) broken_ = true;
  Proceed();
}

void DeliverStream::OnCancel() {
  absl::MutexLock lock(&mutex_);
  broken_ = true;
  Proceed();
}

void DeliverStream::OnDone() { self_.reset(); }

}  // namespace penstock::workflow_engine

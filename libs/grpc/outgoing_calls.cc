#include "libs/grpc/outgoing_calls.h"

namespace penstock::rpc {

void OutgoingCalls::Stop() {
  absl::MutexLock lock(&mutex_);
  stopped_ = true;
  for (::grpc::ClientContext* context : under_way_) context->TryCancel();
  auto all_told = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return under_way_.empty(); };
  mutex_.Await(absl::Condition(&all_told));
}

absl::Status OutgoingCalls::Stopped() {
  return absl::UnavailableError("the service is shutting down");
}

bool OutgoingCalls::Enter(::grpc::ClientContext* context) {
  absl::MutexLock lock(&mutex_);
  if (!stopped_) under_way_.insert(context);
  return !stopped_;
}

void OutgoingCalls::Leave(::grpc::ClientContext* context) {
  absl::MutexLock lock(&mutex_);
  under_way_.erase(context);
}

}  // namespace penstock::rpc

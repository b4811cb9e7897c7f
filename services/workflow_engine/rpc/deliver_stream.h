// The Deliver stream: deliveries in, answers out, each as soon as it is there. While one message is being written the next one fills, so
// that under load one message carries many answers.
//
//   serving ── drain ──► says so ── sender half-closes ──► all answered ──► ended, DRAINING
//
// Reading goes on until the sender has said all, so that nothing it sent is left in doubt.
#pragma once

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/support/server_callback.h"
#include "libs/grpc/serving.h"
#include "penstock/workflow/v1/ingress.grpc.pb.h"
#include "services/workflow_engine/ingress/ingress.h"

namespace penstock::workflow_engine {

class DeliverStream final : public grpc::ServerBidiReactor<workflow::v1::DeliverRequest, workflow::v1::DeliverResponse>,
                            public std::enable_shared_from_this<DeliverStream> {
 public:
  // Owns itself until gRPC is done with it and every delivery is answered.
  static grpc::ServerBidiReactor<workflow::v1::DeliverRequest, workflow::v1::DeliverResponse>* Start(
      rpc::Serving& serving, grpc::CallbackServerContext* context, Ingress& ingress);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  explicit DeliverStream(Ingress& ingress) : ingress_(ingress) {}

  void StartDrain();
  void Reply(uint64_t correlation, const absl::StatusOr<DeliveryAnswer>& answer);
  void Proceed() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Ingress& ingress_;
  std::shared_ptr<DeliverStream> self_;  // until OnDone
  workflow::v1::DeliverRequest request_;
  rpc::Serving::DrainHandle drain_;

  absl::Mutex mutex_;
  workflow::v1::DeliverResponse sending_;
  workflow::v1::DeliverResponse filling_ ABSL_GUARDED_BY(mutex_);
  size_t unanswered_ ABSL_GUARDED_BY(mutex_) = 0;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool no_more_ ABSL_GUARDED_BY(mutex_) = false;   // the sender has said all
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;  // Finish was called
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;    // nobody reads the answers any more
};

}  // namespace penstock::workflow_engine

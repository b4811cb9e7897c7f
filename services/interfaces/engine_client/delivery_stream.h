// One long-lived IngressService.Deliver stream that carries the deliveries of the whole process.
//
// What arrives while a message is being written leaves together in the next one, so that batches
// grow with load by themselves and a single delivery leaves at once.
//
//   Deliver ──► queue ──(nothing being written)──► message ──► engine ──► replies, matched by
//   correlation
//                 │                                   │
//                 │ stream broke                      │ stream broke: OUTCOME_UNKNOWN, the sender
//                 repeats it ▼                                   ▼
//        first failure: kept for the next stream   (at least once: the engine may have stored it)
//        engine away (a new stream failed as well): NOT_STORED at once
//
// An engine that drains says so on the stream. Then the stream is half-closed, what was written on it is still answered, and what comes next goes
// on a new one: nothing is in doubt.
#pragma once

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "penstock/workflow/v1/ingress.grpc.pb.h"
#include "services/interfaces/engine_client/delivery_sender.h"

namespace penstock::interfaces {

class DeliveryStream final : public DeliverySender {
 public:
  struct Options {
    absl::Duration reply_timeout = absl::Seconds(30);
    size_t max_waiting = 10'000;         // deliveries without a reply
    size_t max_queued_bytes = 64 << 20;  // not yet written
    size_t max_message_bytes = 4 << 20;  // of one message, but for a single delivery that is larger
    int max_message_deliveries = 256;
    absl::Duration min_backoff = absl::Milliseconds(10);
    absl::Duration max_backoff = absl::Seconds(1);
  };
  // Adds credentials and whatever else a call needs.
  using PrepareContext = std::function<void(grpc::ClientContext&)>;

  DeliveryStream(std::shared_ptr<grpc::Channel> channel, PrepareContext prepare, Options options);
  DeliveryStream(std::shared_ptr<grpc::Channel> channel, PrepareContext prepare)
      : DeliveryStream(std::move(channel), std::move(prepare), Options()) {}
  ~DeliveryStream() override;  // as Stop

  absl::Status Deliver(Filler fill, Replied replied) override;

  // Ends the stream; what still waits gets OUTCOME_UNKNOWN or NOT_STORED. Callbacks have all run
  // when it returns.
  void Stop();

  struct Stats {
    uint64_t deliveries = 0;
    uint64_t messages = 0;  // deliveries / messages = how well batching works
    uint64_t broken_streams = 0;
    size_t waiting = 0;
  };
  Stats stats() const;

 private:
  class Call;
  struct Batch {
    workflow::v1::DeliverRequest message;
    size_t bytes = 0;
  };
  struct Waiter {
    Replied replied;
    absl::Time deadline;
    const Call* written = nullptr;  // on this
  };
  using Failed = std::vector<std::pair<Replied, absl::Status>>;

  // What the stream in use reports.
  void OnWritten(Call* call);
  void OnReplies(workflow::v1::DeliverResponse& response);
  void OnDraining(Call* call);
  void OnReadEnded(Call* call);
  void OnDone(Call* call, const grpc::Status& status);

  void StartCall() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What to write and where, with a hold on the call, if there is something and nothing is being
  // written.
  struct Write {
    Call* call = nullptr;
    const workflow::v1::DeliverRequest* message = nullptr;
  };
  Write NextWrite() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Not under the lock: gRPC may take its time.
  static void Start(const Write& write);
  Batch& BatchFor() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Recycle(std::unique_ptr<Batch> batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  static void HalfClose(Call* call);
  void FailBatch(const Batch& batch, const absl::Status& status, Failed& failed)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void FailQueued(const absl::Status& status, Failed& failed) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void FailWritten(const Call* call, const absl::Status& status, Failed& failed)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool engine_is_away() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return call_ == nullptr && failures_ > 1;
  }

  // The keeper: a thread for what happens without an event, time-outs and reconnecting. It sleeps
  // while there is nothing to keep.
  void Keep();
  absl::Time NextWake() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Expire(absl::Time now, Failed& failed) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  static void Tell(Failed& failed);

  const std::unique_ptr<workflow::v1::IngressService::Stub> stub_;
  const PrepareContext prepare_;
  const Options options_;

  mutable absl::Mutex mutex_;
  Call* call_ ABSL_GUARDED_BY(mutex_) = nullptr;  // that may be written to
  std::set<Call*> live_calls_ ABSL_GUARDED_BY(mutex_);  // not yet done
  Call* writing_to_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  int failures_ ABSL_GUARDED_BY(mutex_) = 0;  // streams in a row that broke without a reply
  absl::Time reconnect_at_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  uint64_t next_correlation_ ABSL_GUARDED_BY(mutex_) = 1;
  std::deque<std::unique_ptr<Batch>> queue_ ABSL_GUARDED_BY(mutex_);
  size_t queued_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::unique_ptr<Batch> being_written_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<Batch>> spare_
      ABSL_GUARDED_BY(mutex_);  // cleared; they keep their memory
  absl::flat_hash_map<uint64_t, Waiter> waiters_ ABSL_GUARDED_BY(mutex_);
  uint64_t oldest_ ABSL_GUARDED_BY(mutex_) = 1;  // no waiter has a smaller correlation
  bool keeper_sleeps_ ABSL_GUARDED_BY(mutex_) = false;
  absl::CondVar keeper_wake_;
  Stats stats_ ABSL_GUARDED_BY(mutex_);
  std::thread keeper_;
};

}  // namespace penstock::interfaces

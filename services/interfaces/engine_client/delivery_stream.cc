#include "services/interfaces/engine_client/delivery_stream.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "libs/grpc/status_conversion.h"
#include "libs/log/log.h"
#include "libs/status/details.h"

namespace penstock::interfaces {
namespace {

using workflow::v1::DeliverRequest;
using workflow::v1::DeliverResponse;

// How often time-outs are looked for while deliveries wait.
constexpr absl::Duration kTick = absl::Milliseconds(100);
// Memory that a batch may keep for the next one.
constexpr size_t kMaxSpareBytes = 1 << 20;
constexpr size_t kMaxSpares = 4;

absl::Status NotStored() {
  return WithReason(absl::UnavailableError("the engine can't be reached; nothing was stored"),
                    kNotStored);
}

absl::Status Unknown() {
  return WithReason(
      absl::UnknownError("the connection to the engine broke; the delivery may have been stored"),
      kOutcomeUnknown);
}

absl::Status TimedOut() {
  return WithReason(absl::DeadlineExceededError(
                        "the engine did not answer in time; the delivery may have been stored"),
                    kOutcomeUnknown);
}

}  // namespace

// The reactor of one stream. Holds its own memory: it is deleted when gRPC is done with it.
class DeliveryStream::Call final : public grpc::ClientBidiReactor<DeliverRequest, DeliverResponse> {
 public:
  explicit Call(DeliveryStream& owner) : owner_(owner) {}

  void Start() {
    owner_.prepare_(context_);
    owner_.stub_->async()->Deliver(&context_, this);
    AddHold();  // given back when no more writes are begun
    StartRead(&response_);
    grpc::ClientBidiReactor<DeliverRequest, DeliverResponse>::StartCall();
  }

  void Cancel() { context_.TryCancel(); }

  void OnWriteDone(bool) override { owner_.OnWritten(this); }

  void OnReadDone(bool ok) override {
    if (!ok) return owner_.OnReadEnded(this);
    replied_ = true;
    owner_.OnReplies(response_);
    if (response_.draining()) owner_.OnDraining(this);
    StartRead(&response_);
  }

  void OnDone(const grpc::Status& status) override {
    owner_.OnDone(this, status);
    delete this;
  }

  bool replied() const { return replied_; }

  // Under the owner's lock. Nothing more is written on it, and its end is not a failure.
  bool retired = false;

 private:
  DeliveryStream& owner_;
  grpc::ClientContext context_;
  DeliverResponse response_;
  bool replied_ = false;
};

DeliveryStream::DeliveryStream(std::shared_ptr<grpc::Channel> channel, PrepareContext prepare,
                               Options options)
    : stub_(workflow::v1::IngressService::NewStub(channel)),
      prepare_(std::move(prepare)),
      options_(options) {
  {
    absl::MutexLock lock(&mutex_);
    StartCall();
  }
  keeper_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "stream-keeper");
    Keep();
  });
}

DeliveryStream::~DeliveryStream() { Stop(); }

void DeliveryStream::Stop() {
  Failed failed;
  Call* retired = nullptr;
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return;
    stopping_ = true;
    keeper_wake_.Signal();
    FailQueued(NotStored(), failed);
    retired = std::exchange(call_, nullptr);
    for (Call* call : live_calls_) call->Cancel();
  }
  if (retired != nullptr) retired->RemoveHold();
  Tell(failed);
  keeper_.join();
  absl::MutexLock lock(&mutex_);
  auto all_done = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return live_calls_.empty(); };
  mutex_.Await(absl::Condition(&all_done));
}

DeliveryStream::Stats DeliveryStream::stats() const {
  absl::MutexLock lock(&mutex_);
  Stats stats = stats_;
  stats.waiting = waiters_.size();
  return stats;
}

absl::Status DeliveryStream::Deliver(Filler fill, Replied replied) {
  Write write;
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_ || engine_is_away()) return NotStored();
    if (waiters_.size() >= options_.max_waiting || queued_bytes_ >= options_.max_queued_bytes) {
      return WithRetryAfter(absl::ResourceExhaustedError("too many deliveries are waiting"),
                            absl::Seconds(1));
    }
    Batch& batch = BatchFor();
    workflow::v1::Delivery& delivery = *batch.message.add_deliveries();
    fill(delivery);
    delivery.set_correlation(next_correlation_);
    const size_t bytes = delivery.body().size() + 512;
    batch.bytes += bytes;
    queued_bytes_ += bytes;
    waiters_.emplace(next_correlation_++,
                     Waiter{std::move(replied), absl::Now() + options_.reply_timeout});
    ++stats_.deliveries;
    if (std::exchange(keeper_sleeps_, false)) keeper_wake_.Signal();
    write = NextWrite();
  }
  Start(write);
  return absl::OkStatus();
}

DeliveryStream::Batch& DeliveryStream::BatchFor() {
  if (queue_.empty() || queue_.back()->bytes >= options_.max_message_bytes ||
      queue_.back()->message.deliveries_size() >= options_.max_message_deliveries) {
    if (spare_.empty()) spare_.push_back(std::make_unique<Batch>());
    queue_.push_back(std::move(spare_.back()));
    spare_.pop_back();
  }
  return *queue_.back();
}

void DeliveryStream::Recycle(std::unique_ptr<Batch> batch) {
  if (batch->bytes > kMaxSpareBytes || spare_.size() >= kMaxSpares) return;
  batch->message.Clear();
  batch->bytes = 0;
  spare_.push_back(std::move(batch));
}

DeliveryStream::Write DeliveryStream::NextWrite() {
  if (writing_to_ != nullptr || call_ == nullptr || queue_.empty()) return {};
  writing_to_ = call_;
  being_written_ = std::move(queue_.front());
  queue_.pop_front();
  queued_bytes_ -= being_written_->bytes;
  ++stats_.messages;
  for (const auto& delivery : being_written_->message.deliveries()) {
    if (auto found = waiters_.find(delivery.correlation()); found != waiters_.end()) {
      found->second.written = call_;
    }
  }
  // As long as call_ names it the call has a hold; this one keeps it until the write has begun.
  call_->AddHold();
  return {call_, &being_written_->message};
}

void DeliveryStream::Start(const Write& write) {
  if (write.call == nullptr) return;
  write.call->StartWrite(write.message);
  write.call->RemoveHold();
}

// A write that failed may still have reached the engine: its deliveries learn their fate with the
// stream.
void DeliveryStream::OnWritten(Call* call) {
  Write next;
  bool was_last = false;
  {
    absl::MutexLock lock(&mutex_);
    writing_to_ = nullptr;
    was_last = call->retired;
    std::unique_ptr<Batch> batch = std::move(being_written_);
    next = NextWrite();
    Recycle(std::move(batch));
  }
  if (was_last) HalfClose(call);
  Start(next);
}

// The engine goes: the keeper begins another stream, this one is half-closed behind what is being written.
void DeliveryStream::OnDraining(Call* call) {
  {
    absl::MutexLock lock(&mutex_);
    if (call_ != call) return;
    call_ = nullptr;
    call->retired = true;
    if (!stopping_) {
      reconnect_at_ = absl::Now();
      keeper_sleeps_ = false;
      keeper_wake_.Signal();
    }
    if (writing_to_ == call) return;  // OnWritten does the rest
  }
  HalfClose(call);
}

void DeliveryStream::HalfClose(Call* call) {
  call->StartWritesDone();
  call->RemoveHold();
}

void DeliveryStream::OnReplies(DeliverResponse& response) {
  std::vector<Replied> callbacks(response.replies_size());
  {
    absl::MutexLock lock(&mutex_);
    failures_ = 0;
    for (int i = 0; i < response.replies_size(); ++i) {
      auto found = waiters_.find(response.replies(i).correlation());
      if (found == waiters_.end()) continue;  // timed out before
      callbacks[i] = std::move(found->second.replied);
      waiters_.erase(found);
    }
  }
  for (int i = 0; i < response.replies_size(); ++i) {
    if (callbacks[i]) callbacks[i](response.mutable_replies(i));
  }
}

void DeliveryStream::OnReadEnded(Call* call) {
  {
    absl::MutexLock lock(&mutex_);
    if (call_ != call) return;  // Stop or OnDraining has it
    call_ = nullptr;
  }
  call->RemoveHold();
}

void DeliveryStream::OnDone(Call* call, const grpc::Status& status) {
  Failed failed;
  {
    absl::MutexLock lock(&mutex_);
    FailWritten(call, Unknown(), failed);
    if (!call->retired) {
      ++stats_.broken_streams;
      // An engine that drains refuses new streams while it still listens; that is not yet an engine away.
      const bool refused = ReasonOf(rpc::FromGrpcStatus(status)) == "DRAINING";
      failures_ = call->replied() || refused ? 1 : failures_ + 1;
    }
    if (!stopping_ && !call->retired) {
      const absl::Duration backoff =
          std::min(options_.max_backoff, options_.min_backoff * (1 << std::min(failures_ - 1, 10)));
      reconnect_at_ = absl::Now() + backoff;
      if (engine_is_away()) FailQueued(NotStored(), failed);
      keeper_sleeps_ = false;
      keeper_wake_.Signal();
      if (failures_ == 1 || failures_ == 5) {
        log::Warning("stream to the engine broke", {{"code", static_cast<int>(status.error_code())},
                                                    {"error", status.error_message()},
                                                    {"failures", failures_}});
      }
    }
  }
  Tell(failed);
  absl::MutexLock lock(&mutex_);
  live_calls_.erase(call);
}

void DeliveryStream::StartCall() {
  reconnect_at_ = absl::InfiniteFuture();
  call_ = new Call(*this);
  live_calls_.insert(call_);
  call_->Start();
}

void DeliveryStream::FailBatch(const Batch& batch, const absl::Status& status, Failed& failed) {
  for (const auto& delivery : batch.message.deliveries()) {
    auto found = waiters_.find(delivery.correlation());
    if (found == waiters_.end()) continue;
    failed.emplace_back(std::move(found->second.replied), status);
    waiters_.erase(found);
  }
}

void DeliveryStream::FailQueued(const absl::Status& status, Failed& failed) {
  for (const auto& batch : queue_) FailBatch(*batch, status, failed);
  queue_.clear();
  queued_bytes_ = 0;
}

void DeliveryStream::FailWritten(const Call* call, const absl::Status& status, Failed& failed) {
  for (auto waiter = waiters_.begin(); waiter != waiters_.end();) {
    if (waiter->second.written == call) {
      failed.emplace_back(std::move(waiter->second.replied), status);
      waiters_.erase(waiter++);
    } else {
      ++waiter;
    }
  }
}

void DeliveryStream::Tell(Failed& failed) {
  for (auto& [replied, status] : failed) replied(status);
}

absl::Time DeliveryStream::NextWake() {
  if (reconnect_at_ != absl::InfiniteFuture()) return std::min(reconnect_at_, absl::Now() + kTick);
  return waiters_.empty() ? absl::InfiniteFuture() : absl::Now() + kTick;
}

void DeliveryStream::Keep() {
  absl::MutexLock lock(&mutex_);
  uint64_t seen = 0;
  while (!stopping_) {
    absl::Time wake = NextWake();
    // While deliveries come, one tick more is cheaper than being woken by each of them.
    if (wake == absl::InfiniteFuture() &&
        std::exchange(seen, stats_.deliveries) != stats_.deliveries) {
      wake = absl::Now() + kTick;
    }
    keeper_sleeps_ = wake == absl::InfiniteFuture();
    keeper_wake_.WaitWithDeadline(&mutex_, wake);
    if (stopping_) return;
    const absl::Time now = absl::Now();
    Write write;
    if (now >= reconnect_at_) {
      StartCall();
      write = NextWrite();
    }
    Failed failed;
    Expire(now, failed);
    if (write.call == nullptr && failed.empty()) continue;
    mutex_.Unlock();
    Start(write);
    Tell(failed);
    mutex_.Lock();
  }
}

void DeliveryStream::Expire(absl::Time now, Failed& failed) {
  // Correlations grow and all wait equally long, so the oldest expire first.
  while (oldest_ < next_correlation_) {
    auto found = waiters_.find(oldest_);
    if (found != waiters_.end()) {
      if (found->second.deadline > now) return;
      failed.emplace_back(std::move(found->second.replied),
                          found->second.written != nullptr ? TimedOut() : NotStored());
      waiters_.erase(found);
    }
    ++oldest_;
  }
}

}  // namespace penstock::interfaces

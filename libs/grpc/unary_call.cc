#include "libs/grpc/unary_call.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "grpcpp/alarm.h"
#include "libs/grpc/status_conversion.h"

namespace penstock::rpc {
namespace {

// gRPC keeps deadlines by the monotonic clock, and converts them with what lies between two
// readings.
constexpr absl::Duration kClockSlack = absl::Milliseconds(5);

absl::Time EffectiveDeadline(absl::Time clients, absl::Time now, const ServingOptions& options) {
  if (clients == absl::InfiniteFuture()) return now + options.default_deadline;
  return std::min(clients, now + options.max_deadline);
}

// The state of one call, shared by the reactor (gRPC's end), the handler's answer and the
// deadline's alarm, each of which may be the last to know about it.
//
//   arrived -> begun (authenticated, handler running) -> handler returned
//      |          |  answer, client gone, or deadline: the first settles the outcome
//      |          settled and handler returned -> Finish, once
//      client gone while still in line for a worker -> Finish, and the worker finds nothing to do
//
// Finish waits for the handler because the request it reads dies with the call.
class CallState final : public UnaryAnswer, public std::enable_shared_from_this<CallState> {
 public:
  CallState(Serving& serving, ::grpc::CallbackServerContext* context, std::string_view full_method)
      : serving_(serving),
        context_(context),
        full_method_(full_method),
        started_(serving.clock().Now()),
        deadline_(EffectiveDeadline(DeadlineOf(*context), started_, serving.options())) {}

  ::grpc::ServerUnaryReactor* reactor() { return new Reactor(shared_from_this()); }

  // Refuses what can be refused before any work; true when the call may go on.
  bool Enter() {
    if (deadline_ <= started_) {
      Refuse(absl::DeadlineExceededError("the deadline had passed when the call arrived"));
      return false;
    }
    absl::StatusOr<Serving::Slot> slot = serving_.Enter();
    if (!slot.ok()) {
      Refuse(slot.status());
      return false;
    }
    slot_ = *std::move(slot);
    return true;
  }

  // Runs `task` on a worker, or refuses the call.
  void OnWorker(std::function<void()> task) {
    absl::Status queued = serving_.workers().Submit(std::move(task));
    if (!queued.ok()) Refuse(queued);
  }

  void RunBlocking(const UnaryCall::BlockingBody& body) {
    if (!Begin()) return;
    absl::StatusOr<CallContext> caller = serving_.Authenticate(*context_, full_method_);
    if (!Accept(std::move(caller))) return;
    absl::Status status = serving_.Guard(caller_, [&] { return body(caller_, gone_); });
    Settle(status, nullptr);
    HandlerReturned();
  }

  // After Begin.
  void RunAsync(const UnaryCall::AsyncBody& body, absl::StatusOr<CallContext> caller) {
    if (!Accept(std::move(caller))) return;
    WatchDeadline();
    absl::Status status = serving_.Guard(caller_, [&] {
      body(caller_, std::make_shared<Answer>(shared_from_this()));
      return absl::OkStatus();
    });
    if (!status.ok()) Settle(status, nullptr);
    HandlerReturned();
  }

  absl::StatusOr<CallContext> Authenticate() {
    return serving_.Authenticate(*context_, full_method_);
  }
  std::optional<absl::StatusOr<CallContext>> TryAuthenticate() {
    return serving_.TryAuthenticate(*context_, full_method_);
  }

  // False when nobody waits for the answer any more: then the call is over, and its request and
  // context gone.
  bool Begin() {
    if (serving_.clock().Now() >= deadline_) {
      Settle(absl::DeadlineExceededError("the deadline passed before the call could be served"),
             nullptr);
    }
    absl::MutexLock lock(&mutex_);
    if (outcome_) return false;
    begun_ = true;
    return true;
  }

  void Refuse(const absl::Status& status) {
    Settle(status, nullptr);
    HandlerReturned();
  }

  void HandlerReturned() {
    {
      absl::MutexLock lock(&mutex_);
      handler_returned_ = true;
    }
    FinishIfSettled();
  }

  void Give(const absl::Status& status, absl::FunctionRef<void()> write_response) override {
    Settle(status, &write_response);
  }

 private:
  // gRPC's end of the call; deletes itself when gRPC is done with it.
  class Reactor final : public ::grpc::ServerUnaryReactor {
   public:
    explicit Reactor(std::shared_ptr<CallState> state) : state_(std::move(state)) {
      absl::MutexLock lock(&state_->mutex_);
      state_->reactor_ = this;
    }
    void OnCancel() override {
      const std::shared_ptr<CallState> state = state_;
      // A passed deadline arrives as a cancellation too, by a clock that may be a little ahead of
      // ours.
      state->Settle(state->serving_.clock().Now() + kClockSlack >= state->deadline_
                        ? absl::DeadlineExceededError("the deadline has passed")
                        : absl::CancelledError("the client has gone"),
                    nullptr);
      state->gone_.Cancel();
    }
    void OnDone() override { delete this; }

   private:
    const std::shared_ptr<CallState> state_;
  };

  // What a handler holds. Dropped unanswered it answers itself, so that a lost callback shows at
  // once and not as a timeout.
  class Answer final : public UnaryAnswer {
   public:
    explicit Answer(std::shared_ptr<CallState> state) : state_(std::move(state)) {}
    ~Answer() override {
      state_->Settle(absl::InternalError("internal error: the call was dropped"), nullptr);
    }
    void Give(const absl::Status& status, absl::FunctionRef<void()> write_response) override {
      state_->Give(status, write_response);
    }

   private:
    const std::shared_ptr<CallState> state_;
  };

  bool Accept(absl::StatusOr<CallContext> caller) {
    if (!caller.ok()) {
      Refuse(caller.status());
      return false;
    }
    caller_ = *std::move(caller);
    caller_.deadline = deadline_;
    return true;
  }

  // gRPC watches the client's own deadline; ours, when it is sooner, is watched here.
  void WatchDeadline() {
    if (DeadlineOf(*context_) <= deadline_) return;
    alarm_.emplace();
    // Weakly: the alarm keeps its function, and the state keeps the alarm.
    alarm_->Set(absl::ToChronoTime(deadline_), [weak = weak_from_this()](bool expired) {
      if (!expired) return;
      if (std::shared_ptr<CallState> state = weak.lock()) {
        state->Settle(absl::DeadlineExceededError("the deadline has passed"), nullptr);
      }
    });
  }

  // The first outcome counts. The response is written under the lock, so that a late one can't be
  // written into a call that is over.
  void Settle(const absl::Status& status, absl::FunctionRef<void()>* write_response) {
    {
      absl::MutexLock lock(&mutex_);
      if (outcome_) return;
      if (status.ok() && write_response != nullptr) (*write_response)();
      outcome_ = status;
    }
    FinishIfSettled();
  }

  void FinishIfSettled() {
    ::grpc::ServerUnaryReactor* reactor = nullptr;
    {
      absl::MutexLock lock(&mutex_);
      if (!outcome_ || (begun_ && !handler_returned_) || reactor_ == nullptr) return;
      reactor = std::exchange(reactor_, nullptr);
    }
    if (alarm_) alarm_->Cancel();
    slot_ = Serving::Slot();
    serving_.Record(full_method_, *outcome_, serving_.clock().Now() - started_, caller_);
    reactor->Finish(ToGrpcStatus(*outcome_));
  }

  Serving& serving_;
  ::grpc::CallbackServerContext* const context_;
  const std::string full_method_;
  const absl::Time started_;
  const absl::Time deadline_;
  Serving::Slot slot_;
  CallContext caller_;
  lifecycle::Cancellation gone_;
  std::optional<::grpc::Alarm> alarm_;
  absl::Mutex mutex_;
  ::grpc::ServerUnaryReactor* reactor_ ABSL_GUARDED_BY(mutex_) = nullptr;
  std::optional<absl::Status> outcome_;  // set once under mutex_, then read freely by who finishes
  bool begun_ ABSL_GUARDED_BY(mutex_) = false;
  bool handler_returned_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

::grpc::ServerUnaryReactor* UnaryCall::StartBlocking(Serving& serving,
                                                     ::grpc::CallbackServerContext* context,
                                                     std::string_view full_method,
                                                     BlockingBody body) {
  auto state = std::make_shared<CallState>(serving, context, full_method);
  ::grpc::ServerUnaryReactor* reactor = state->reactor();
  if (state->Enter()) {
    state->OnWorker([state, body = std::move(body)] { state->RunBlocking(body); });
  }
  return reactor;
}

::grpc::ServerUnaryReactor* UnaryCall::StartAsync(Serving& serving,
                                                  ::grpc::CallbackServerContext* context,
                                                  std::string_view full_method, AsyncBody body) {
  auto state = std::make_shared<CallState>(serving, context, full_method);
  ::grpc::ServerUnaryReactor* reactor = state->reactor();
  if (!state->Enter()) return reactor;
  if (std::optional<absl::StatusOr<CallContext>> caller = state->TryAuthenticate()) {
    if (state->Begin()) state->RunAsync(body, *std::move(caller));
  } else {
    // The credential has to be looked up, which blocks.
    state->OnWorker([state, body = std::move(body)] {
      if (state->Begin()) state->RunAsync(body, state->Authenticate());
    });
  }
  return reactor;
}

}  // namespace penstock::rpc

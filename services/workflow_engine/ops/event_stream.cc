#include "services/workflow_engine/ops/event_stream.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "libs/status/macros.h"
#include "services/workflow_engine/storage/events_read.h"

namespace penstock::workflow_engine {
namespace {

constexpr int kPageEvents = 200;

}  // namespace

EventStream::EventStream(Sources sources, postgres::Scope scope, EventFilter filter,
                         std::unique_ptr<EventSink> sink)
    : sources_(sources),
      scope_(std::move(scope)),
      filter_(std::move(filter)),
      sink_(std::move(sink)) {}

std::shared_ptr<EventStream> EventStream::Replay(Sources sources, postgres::Scope scope,
                                                 EventFilter filter,
                                                 std::unique_ptr<EventSink> sink) {
  std::shared_ptr<EventStream> stream(
      new EventStream(sources, std::move(scope), std::move(filter), std::move(sink)));
  stream->after_ = 0;
  return stream;
}

std::shared_ptr<EventStream> EventStream::Follow(Sources sources, postgres::Scope scope,
                                                 EventFilter filter, int64_t from,
                                                 std::unique_ptr<EventSink> sink) {
  std::shared_ptr<EventStream> stream(
      new EventStream(sources, std::move(scope), std::move(filter), std::move(sink)));
  stream->follows_ = true;
  if (from > 0) stream->after_ = from - 1;
  // Before the first look, so that nothing falls between. Weak: a stream ends when its reader goes,
  // not when commits do.
  stream->subscription_ =
      sources.commits.Subscribe(stream->scope_.tenant, [weak = std::weak_ptr<EventStream>(stream)] {
        if (auto stream = weak.lock()) stream->Continue();
      });
  return stream;
}

void EventStream::Continue() {
  {
    absl::MutexLock lock(&mutex_);
    if (running_) {
      again_ = true;
      return;
    }
    running_ = true;
  }
  absl::Status submitted = sources_.workers.Submit([self = shared_from_this()] { self->Run(); });
  if (submitted.ok()) return;
  // Nobody would look again. The reader can come back with the next number.
  End(submitted);
  absl::MutexLock lock(&mutex_);
  running_ = false;
}

void EventStream::Close() {
  {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }
  Continue();
}

void EventStream::Run() {
  while (true) {
    Then then = Step();
    absl::MutexLock lock(&mutex_);
    if (then == Then::kMore || (then == Then::kIdle && std::exchange(again_, false))) continue;
    running_ = false;
    return;
  }
}

EventStream::Then EventStream::Step() {
  if (sink_ == nullptr) return Then::kEnded;
  bool closed;
  {
    absl::MutexLock lock(&mutex_);
    closed = closed_;
  }
  if (closed) return End(absl::CancelledError("the reader has gone"));
  // What was left over when the reader was full.
  Then sent = SendPending();
  if (sent != Then::kMore) return sent;
  absl::Status read = ReadPage();
  if (!read.ok()) return End(read);
  sent = SendPending();
  if (sent != Then::kMore || !all_read_) return sent;
  return follows_ ? Then::kIdle : End(absl::OkStatus());
}

EventStream::Then EventStream::SendPending() {
  while (!pending_.empty()) {
    switch (sink_->Send(pending_.front())) {
      case EventSink::Taken::kTaken:
        pending_.pop_front();
        break;
      case EventSink::Taken::kFull:
        return Then::kIdle;
      case EventSink::Taken::kClosed:
        return End(absl::CancelledError("the reader has gone"));
    }
  }
  return Then::kMore;
}

absl::Status EventStream::ReadPage() {
  int64_t after = 0, up_to = 0;
  std::vector<EventRecord> page;
  RETURN_IF_ERROR(postgres::RunInTransaction(
      sources_.pool, scope_, [&](postgres::Connection& connection) -> absl::Status {
        ASSIGN_OR_RETURN(int64_t last, LastEvent(connection, scope_.tenant));
        after = after_.value_or(last);
        up_to = until_.value_or(last);
        ASSIGN_OR_RETURN(page,
                         ReadEvents(connection, scope_.tenant, filter_, after, up_to, kPageEvents));
        return absl::OkStatus();
      }));
  if (!follows_) until_ = up_to;
  all_read_ = page.size() < kPageEvents;
  after_ = all_read_ ? std::max(after, up_to) : page.back().sequence;
  pending_.assign(std::make_move_iterator(page.begin()), std::make_move_iterator(page.end()));
  return absl::OkStatus();
}

EventStream::Then EventStream::End(const absl::Status& status) {
  subscription_.reset();
  pending_.clear();
  if (sink_ != nullptr) sink_->End(status);
  sink_.reset();
  return Then::kEnded;
}

}  // namespace penstock::workflow_engine

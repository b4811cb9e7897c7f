// What a server-streaming handler writes to: a bounded buffer in front of gRPC's
// one-write-at-a-time reactor.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace penstock::rpc {

enum class Taken {
  kTaken,
  kFull,    // not taken: wait for OnRoom
  kClosed,  // not taken: the client has gone or the stream was finished
};

// The reactor's side of a stream: starts a write, and ends the call. Each is called outside of
// locks and never twice at a time.
template <typename Response>
class StreamTransport {
 public:
  virtual ~StreamTransport() = default;
  virtual void StartWriting(const Response& message) = 0;
  virtual void End(const absl::Status& status) = 0;  // `this` may be gone afterwards
};

// The buffer, shared by writer and reactor.
template <typename Response>
class StreamBuffer {
 public:
  StreamBuffer(StreamTransport<Response>& transport, size_t capacity)
      : transport_(transport), capacity_(capacity) {}

  Taken Write(Response message) {
    {
      absl::MutexLock lock(&mutex_);
      if (closed_ || end_) return Taken::kClosed;
      if (messages_.size() >= capacity_) {
        wants_room_ = true;
        return Taken::kFull;
      }
      messages_.push_back(std::move(message));
    }
    Proceed();
    return Taken::kTaken;
  }

  void Finish(const absl::Status& status) {
    {
      absl::MutexLock lock(&mutex_);
      if (end_) return;
      end_ = status;
    }
    Proceed();
  }

  // Finish from outside of the handler, which learns of it as if the client had gone.
  void EndEarly(const absl::Status& status) {
    std::function<void()> room, closed;
    {
      absl::MutexLock lock(&mutex_);
      if (end_ || closed_) return;
      end_ = status;
      closed = std::exchange(on_closed_, nullptr);
      if (std::exchange(wants_room_, false)) room = room_;
    }
    Proceed();
    if (closed) closed();
    if (room) room();
  }

  void OnRoom(std::function<void()> room) {
    bool now;
    {
      absl::MutexLock lock(&mutex_);
      room_ = room;
      now = closed_ || end_;
    }
    if (now) room();
  }

  void OnClosed(std::function<void()> closed) {
    {
      absl::MutexLock lock(&mutex_);
      if (!closed_ && !end_) {
        on_closed_ = std::move(closed);
        return;
      }
    }
    closed();
  }

  bool closed() const {
    absl::MutexLock lock(&mutex_);
    return closed_ || end_;
  }

  // The reactor reports that the message given to StartWriting is out, or that it can't be.
  void Written(bool ok) {
    std::function<void()> room;
    {
      absl::MutexLock lock(&mutex_);
      writing_ = false;
      messages_.pop_front();
      if (wants_room_ && messages_.size() <= capacity_ / 2) {
        wants_room_ = false;
        room = room_;
      }
    }
    if (!ok) Close();
    Proceed();
    if (room) room();
  }

  // The client has gone.
  void Close() {
    std::function<void()> room, closed;
    {
      absl::MutexLock lock(&mutex_);
      if (closed_) return;
      closed_ = true;
      closed = std::exchange(on_closed_, nullptr);
      if (std::exchange(wants_room_, false)) room = room_;
    }
    Proceed();
    if (closed) closed();
    if (room) room();
  }

  // While the handler runs the call is kept, and with it the request that the handler reads.
  void HandlerReturned() {
    {
      absl::MutexLock lock(&mutex_);
      handler_running_ = false;
    }
    Proceed();
  }

 private:
  // Starts the next write or ends the call, if it is time for either.
  void Proceed() {
    const Response* next = nullptr;
    std::optional<absl::Status> end;
    {
      absl::MutexLock lock(&mutex_);
      if (writing_ || ended_) return;
      if (!closed_ && !messages_.empty()) {
        writing_ = true;
        next = &messages_.front();
      } else if (!handler_running_ && (closed_ || end_)) {
        ended_ = true;
        end = end_ ? *end_ : absl::CancelledError("the client has gone");
      }
    }
    if (next != nullptr) transport_.StartWriting(*next);
    if (end) transport_.End(*end);
  }

  StreamTransport<Response>& transport_;  // alive until End was called
  const size_t capacity_;
  mutable absl::Mutex mutex_;
  std::deque<Response> messages_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool handler_running_ ABSL_GUARDED_BY(mutex_) = true;
  bool wants_room_ ABSL_GUARDED_BY(mutex_) = false;
  std::function<void()> room_ ABSL_GUARDED_BY(mutex_);
  std::function<void()> on_closed_ ABSL_GUARDED_BY(mutex_);
};

template <typename Response>
class StreamWriter {
 public:
  explicit StreamWriter(std::shared_ptr<StreamBuffer<Response>> buffer)
      : buffer_(std::move(buffer)) {}
  ~StreamWriter() { buffer_->Finish(absl::OkStatus()); }
  StreamWriter(const StreamWriter&) = delete;
  StreamWriter& operator=(const StreamWriter&) = delete;

  // Takes a message for sending, from any thread.
  Taken Write(Response message) { return buffer_->Write(std::move(message)); }

  // Sends what is buffered, then ends the stream. The first call counts.
  void Finish(const absl::Status& status) { buffer_->Finish(status); }

  // Called after a Write answered kFull, once the buffer is half empty or the stream is closed; on
  // a thread of gRPC's, where it must not block: hand over to a worker. Hold the writer weakly
  // inside.
  void OnRoom(std::function<void()> room) { buffer_->OnRoom(std::move(room)); }

  // Called once when the client has gone, the deadline has passed or the server is about to stop; at
  // once if that was before.
  // Must not block.
  void OnClosed(std::function<void()> closed) { buffer_->OnClosed(std::move(closed)); }

  bool closed() const { return buffer_->closed(); }

 private:
  std::shared_ptr<StreamBuffer<Response>> buffer_;
};

}  // namespace penstock::rpc

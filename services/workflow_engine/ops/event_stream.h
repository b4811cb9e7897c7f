// Brings a tenant's events to one reader, in order and each once, as fast as the reader takes them.
//
//               Continue()                    sink full, or all read
//    ┌──────┐ ──────────────▶ ┌─────────┐ ───────────────────────────▶ ┌──────┐
//    │ idle │                 │ running │ ◀─────────────────────────── │ idle │      running: on
//    one worker at a time, a page └──────┘                 └─────────┘    Continue(): room, commit
//    └──────┘      per transaction
//                                  │ all of a replay read, an error, or Close()
//                                  ▼
//                               ended: the sink and the subscription are dropped
//
// Nothing is held while idle but the sink, a page at most and a subscription to commits. The
// database is the only source: signals say when to look, never what there is.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "libs/lifecycle/thread_pool.h"
#include "libs/postgres/pool.h"
#include "services/workflow_engine/domain/event_record.h"
#include "services/workflow_engine/engine/commit_signal.h"

namespace penstock::workflow_engine {

// Where events go. Called by one thread at a time; must not block.
class EventSink {
 public:
  enum class Taken {
    kTaken,
    kFull,    // not taken: whoever made the sink calls Continue when there is room
    kClosed,  // nobody listens any more
  };
  virtual ~EventSink() = default;
  virtual Taken Send(const EventRecord& event) = 0;
  // The last call.
  virtual void End(const absl::Status& status) = 0;
};

class EventStream : public std::enable_shared_from_this<EventStream> {
 public:
  struct Sources {
    postgres::Pool& pool;  // of the server role
    lifecycle::ThreadPool& workers;
    CommitSignal& commits;
  };

  // All that is stored when this is called, then the end.
  static std::shared_ptr<EventStream> Replay(Sources sources, postgres::Scope scope,
                                             EventFilter filter, std::unique_ptr<EventSink> sink);
  // From sequence number `from` on, and what comes after, until Close. 0 = what is committed from
  // now on.
  static std::shared_ptr<EventStream> Follow(Sources sources, postgres::Scope scope,
                                             EventFilter filter, int64_t from,
                                             std::unique_ptr<EventSink> sink);

  // Begins, or goes on when there may be room or news; from any thread, does not block. A stream
  // that is not idle looks once more.
  void Continue();
  // The reader has gone.
  void Close();

 private:
  enum class Then { kMore, kIdle, kEnded };

  EventStream(Sources sources, postgres::Scope scope, EventFilter filter,
              std::unique_ptr<EventSink> sink);
  void Run();
  Then Step();
  Then SendPending();
  absl::Status ReadPage();
  Then End(const absl::Status& status);

  const Sources sources_;
  const postgres::Scope scope_;
  const EventFilter filter_;
  // Touched by the running worker only.
  std::unique_ptr<EventSink> sink_;
  CommitSignal::Subscription subscription_;
  bool follows_ = false;
  std::optional<int64_t>
      after_;  // number of the last event looked at; none = the newest when first asked
  std::optional<int64_t> until_;  // of a replay: the newest when first asked
  bool all_read_ = false;
  std::deque<EventRecord> pending_;

  absl::Mutex mutex_;
  bool running_ ABSL_GUARDED_BY(mutex_) = false;
  bool again_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace penstock::workflow_engine

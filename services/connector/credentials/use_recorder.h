// Writes the record of uses. Rows of many callers are committed together: one thread, one
// transaction at a time, in it all rows that came while the one before was being committed. So the
// cost of making a row durable is shared by all who wait, and each tenant's chain is locked
// briefly.
//
//   callers ── Append ──► waiting ──┐
//            └ Queue ───► queued  ──┴──► BEGIN; for each tenant: append its rows; COMMIT ──► answer
#pragma once

#include <deque>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "libs/postgres/pool.h"
#include "services/connector/credentials/use_row.h"

namespace penstock::connector {

class UseRecorder {
 public:
  struct Options {
    size_t max_batch = 512;
    size_t max_waiting = 10'000;
    size_t max_queued = 100'000;
    absl::Duration retry_pause = absl::Seconds(1);  // of queued rows, while the database is away
  };
  // Starts the thread. The pool outlives it.
  UseRecorder(postgres::Pool& pool, Options options);
  explicit UseRecorder(postgres::Pool& pool) : UseRecorder(pool, Options()) {}
  ~UseRecorder();  // as Stop()

  // Returns when the row is committed. Anything but OK: it may be there or not, and what it tells
  // of must not happen. DEADLINE_EXCEEDED; RESOURCE_EXHAUSTED when too many wait; UNKNOWN
  // (COMMIT_IN_DOUBT); UNAVAILABLE after Stop; what the database says.
  absl::Status Append(UseRow row, absl::Time deadline);
  // Written soon, and again until it is written. Never waits. Dropped, and counted, when too many
  // are queued.
  void Queue(UseRow row);
  // Returns when all that was queued before is written, or the deadline has passed.
  bool Flush(absl::Time deadline);
  // Writes what is queued, once, and takes nothing more.
  void Stop();

  struct Stats {
    int64_t batches = 0, rows = 0, failures = 0, dropped = 0;
    size_t waiting = 0, queued = 0;
  };
  Stats stats() const;

 private:
  struct Entry {
    UseRow row;
    bool is_awaited = false;
    bool is_done = false;
    absl::Status status = {};
  };
  using Entries = std::vector<std::shared_ptr<Entry>>;

  bool HasWork() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void Run();
  Entries Take() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Write(Entries& entries);
  absl::Status WriteTogether(std::span<const std::shared_ptr<Entry>> entries);
  absl::Status WriteOnce(std::span<const std::shared_ptr<Entry>> entries);
  void Finish(const Entries& entries);

  postgres::Pool& pool_;
  const Options options_;
  mutable absl::Mutex mutex_;
  std::deque<std::shared_ptr<Entry>> waiting_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::shared_ptr<Entry>> queued_ ABSL_GUARDED_BY(mutex_);
  int64_t queued_ever_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t settled_ ABSL_GUARDED_BY(mutex_) = 0;  // of those queued: written or given up
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_resting_ ABSL_GUARDED_BY(mutex_) = false;  // queued rows wait for the database
  Stats stats_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace penstock::connector

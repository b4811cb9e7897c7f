// Writes batches of change sets, one transaction at a time, on a connection and a thread of its own.
//
// While one batch is being committed the next one fills, so batches grow with load by themselves and at low load a commit leaves at once.
// A batch is encoded before it queues, so that the database gets the next one the moment it is done with the last.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "libs/clock/clock.h"
#include "libs/postgres/connection.h"
#include "services/workflow_engine/engine/changes.h"
#include "services/workflow_engine/engine/shard_map.h"

namespace penstock::workflow_engine {

struct Batch {
  std::vector<ChangeSet> sets;
  Uuid boot_id;
  // As they were when the batch was sealed, not when it is sent.
  ShardEpochs epochs{};
};

struct BatchOutcome {
  Batch batch;
  // Of each set: OK, or why this one alone was refused (a value the database does not take).
  std::vector<absl::Status> statuses;
  // Not OK when nobody knows what became of the batch, or it was refused as a whole because a shard is not ours any more. Whatever is in
  // memory is then worth nothing: the engine must prove its ownership anew and load from the database.
  absl::Status lost;
};

class Committer {
 public:
  using Decided = std::function<void(BatchOutcome)>;

  Committer(std::string conninfo, postgres::Session session, const Clock& clock);
  // Finishes what was submitted.
  ~Committer();

  // Batches are committed in the order given, and their fates are apart: one may be lost and the next be committed. `decided` runs on the
  // committer's thread.
  void Submit(Batch batch, Decided decided);
  // Commits on the caller's thread, which saves two hand-overs. Only while nothing submitted is undecided.
  BatchOutcome CommitHere(Batch batch);

 private:
  struct Job {
    Batch batch;
    postgres::Pipeline transaction;  // the whole batch
    Decided decided;
  };

  static Job Encode(Batch batch, absl::Time now);
  void Run();
  BatchOutcome Commit(Job& job);
  absl::Status CommitRange(const Batch& batch, size_t first, size_t count, const postgres::Pipeline& transaction,
                           std::vector<absl::Status>& statuses);
  absl::Status CommitHalf(const Batch& batch, size_t first, size_t count, std::vector<absl::Status>& statuses);
  absl::Status Transact(const postgres::Pipeline& transaction);
  absl::Status EnsureConnected();

  const std::string conninfo_;
  const postgres::Session session_;
  const Clock& clock_;
  std::unique_ptr<postgres::Connection> connection_;

  absl::Mutex mutex_;
  std::deque<Job> jobs_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace penstock::workflow_engine

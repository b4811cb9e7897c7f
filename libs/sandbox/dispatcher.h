// Which process gets which evaluation, and what becomes of it when that process is slow or dies.
// Knows no threads and no sockets' readiness: the pool calls it under its mutex.
//
//            submit                 assign                    answer
//   caller ─────────▶ fast_ / slow_ ─────────▶ Process::jobs_ ───────▶ Finished
//                          ▲                        │
//                          └──── hedge, death ──────┘   (not the first of a dead process: it is to
//                          blame)
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "libs/sandbox/job.h"
#include "libs/sandbox/process.h"

namespace penstock::sandbox {

class Dispatcher {
 public:
  using Finished = std::vector<std::pair<Pool::Callback, Outcome>>;
  using Processes = std::vector<std::unique_ptr<Process>>;

  explicit Dispatcher(int max_processes) : max_processes_(max_processes) {}

  void Add(Evaluation evaluation, Pool::Callback done);
  // Hands queued jobs to processes that have room, without sending. True when something was handed
  // out.
  bool Assign(Processes& processes, absl::Time now);

  // Records an answer; appends to `finished` if it is the first for its job.
  void Answer(std::shared_ptr<Job> job, Process::Answer answer, Finished& finished);
  // The process is gone. `first` is the outcome of the job it was running; the others go back.
  void TakeBack(Process& process, Outcome first, Finished& finished);
  // Puts what waits behind a slow first job into the queue a second time.
  void Hedge(Process& process);
  // Every queued job ends with `outcome`.
  void FailQueued(const Outcome& outcome, Finished& finished);

  size_t queued() const { return fast_.size() + slow_.size(); }
  // More is queued than the processes can soon begin.
  bool NeedsProcess(const Processes& processes, absl::Time now) const;
  uint64_t answered() const { return answered_; }

 private:
  using Queue = std::deque<std::shared_ptr<Job>>;

  std::shared_ptr<ScriptSpeed> SpeedOf(const std::string& hash);
  bool IsSlow(const Job& job) const;
  Queue* NextQueue(const Processes& processes);
  Process* Room(const Job& job, Processes& processes, absl::Time now) const;
  void Requeue(std::shared_ptr<Job> job);
  void Finish(Job& job, Outcome outcome, Finished& finished);

  const int max_processes_;
  uint64_t next_id_ = 1;
  uint64_t answered_ = 0;
  Queue fast_;  // also what is not known yet
  Queue slow_;
  bool slow_was_last_ = false;
  std::unordered_map<std::string, std::shared_ptr<ScriptSpeed>> speeds_;
};

}  // namespace penstock::sandbox

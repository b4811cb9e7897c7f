#include "libs/sandbox/dispatcher.h"

#include <algorithm>

namespace penstock::sandbox {
namespace {

constexpr double kSlowUs = 5000;
// A process is given work for about this long at once: enough to share writes, little to wait
// behind.
constexpr double kBatchUs = 400;
constexpr size_t kMaxBatch = 64;
constexpr size_t kMaxSpeeds = 4096;
// A process whose first job takes longer gets nothing more, and others may do what waits behind it.
constexpr absl::Duration kStuckAfter = absl::Milliseconds(20);

bool IsStuck(const Process& process, absl::Time now) {
  return !process.jobs().empty() && now - process.since() > kStuckAfter;
}

}  // namespace

std::shared_ptr<ScriptSpeed> Dispatcher::SpeedOf(const std::string& hash) {
  // Starting over is rare and costs each script one run by itself.
  if (speeds_.size() >= kMaxSpeeds && !speeds_.contains(hash)) speeds_.clear();
  std::shared_ptr<ScriptSpeed>& speed = speeds_[hash];
  if (!speed) speed = std::make_shared<ScriptSpeed>();
  return speed;
}

bool Dispatcher::IsSlow(const Job& job) const { return job.speed->mean_us > kSlowUs; }

void Dispatcher::Add(Evaluation evaluation, Pool::Callback done) {
  auto job = std::make_shared<Job>();
  job->id = next_id_++;
  job->speed = SpeedOf(evaluation.script->hash());
  job->evaluation = std::move(evaluation);
  job->done = std::move(done);
  job->in_queue = true;
  (IsSlow(*job) ? slow_ : fast_).push_back(std::move(job));
}

// The two queues take turns, and slow code leaves one process to the rest, so that neither starves.
Dispatcher::Queue* Dispatcher::NextQueue(const Processes& processes) {
  for (Queue* queue : {&fast_, &slow_}) {
    while (!queue->empty() && queue->front()->answered) queue->pop_front();
  }
  const auto slow_running =
      std::count_if(processes.begin(), processes.end(), [this](const auto& process) {
        return !process->jobs().empty() && IsSlow(*process->jobs().front());
      });
  const bool slow_may = !slow_.empty() && slow_running < std::max(1, max_processes_ - 1);
  if (slow_may && (fast_.empty() || !slow_was_last_)) return &slow_;
  if (!fast_.empty()) return &fast_;
  return slow_may ? &slow_ : nullptr;
}

// Known fast code shares; slow and unknown code has a process to itself. The first process with
// room is taken, so that few processes with warm caches do the work when there is little.
Process* Dispatcher::Room(const Job& job, Processes& processes, absl::Time now) const {
  const bool shares = job.speed->known() && !IsSlow(job);
  for (const auto& process : processes) {
    if (process->state() != Process::State::kReady) continue;
    if (process->jobs().empty()) return process.get();
    if (!shares || IsStuck(*process, now) || process->jobs().size() >= kMaxBatch) continue;
    if (!process->jobs().front()->speed->known() || IsSlow(*process->jobs().front())) continue;
    if (process->expected_us() < kBatchUs) return process.get();
  }
  return nullptr;
}

bool Dispatcher::Assign(Processes& processes, absl::Time now) {
  bool assigned = false;
  while (Queue* queue = NextQueue(processes)) {
    Process* process = Room(*queue->front(), processes, now);
    if (process == nullptr && queue == &slow_ && !fast_.empty()) {
      queue = &fast_;
      process = Room(*queue->front(), processes, now);
    }
    if (process == nullptr) break;
    slow_was_last_ = queue == &slow_;
    queue->front()->in_queue = false;
    process->Enqueue(std::move(queue->front()), now);
    queue->pop_front();
    assigned = true;
  }
  return assigned;
}

void Dispatcher::Finish(Job& job, Outcome outcome, Finished& finished) {
  if (job.answered) return;
  job.answered = true;
  ++answered_;
  finished.emplace_back(std::move(job.done), std::move(outcome));
}

void Dispatcher::Answer(std::shared_ptr<Job> job, Process::Answer answer, Finished& finished) {
  job->speed->Learn(answer.cpu_us);
  Finish(*job, std::move(answer.outcome), finished);
}

void Dispatcher::Requeue(std::shared_ptr<Job> job) {
  if (job->answered) return;
  job->in_queue = true;
  (IsSlow(*job) ? slow_ : fast_).push_front(std::move(job));
}

void Dispatcher::TakeBack(Process& process, Outcome first, Finished& finished) {
  auto& jobs = process.jobs();
  for (const auto& job : jobs) --job->copies;
  if (!jobs.empty()) {
    jobs.front()->speed->Learn(1e6);  // by itself from now on
    Finish(*jobs.front(), std::move(first), finished);
    jobs.pop_front();
  }
  while (!jobs.empty()) {
    // A copy elsewhere, in a process or in the queue, will answer.
    if (jobs.back()->copies == 0 && !jobs.back()->in_queue) Requeue(std::move(jobs.back()));
    jobs.pop_back();
  }
}

void Dispatcher::Hedge(Process& process) {
  auto& jobs = process.jobs();
  for (size_t i = jobs.size(); i-- > 1;) {
    if (jobs[i]->answered || jobs[i]->hedged) continue;
    jobs[i]->hedged = true;
    Requeue(jobs[i]);
  }
}

void Dispatcher::FailQueued(const Outcome& outcome, Finished& finished) {
  for (Queue* queue : {&fast_, &slow_}) {
    for (const auto& job : *queue) Finish(*job, outcome, finished);
    queue->clear();
  }
}

bool Dispatcher::NeedsProcess(const Processes& processes, absl::Time now) const {
  if (queued() == 0) return false;
  return std::all_of(processes.begin(), processes.end(), [&](const auto& process) {
    return process->state() != Process::State::kStarting && IsStuck(*process, now);
  });
}

}  // namespace penstock::sandbox

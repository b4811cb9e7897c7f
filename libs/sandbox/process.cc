#include "libs/sandbox/process.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace penstock::sandbox {
namespace {

using protocol::FieldReader;
using protocol::Frame;
using protocol::FrameType;
using protocol::FrameWriter;
using protocol::NextFrame;

constexpr size_t kMaxKnownScripts = 1024;
constexpr size_t kReceiveBytes = 64 << 10;
// What a job costs beside its code, and what to expect of code never seen.
constexpr double kOverheadUs = 5;
constexpr double kUnknownUs = 1000;

double ExpectedUs(const Job& job) {
  return kOverheadUs + (job.speed->known() ? job.speed->mean_us : kUnknownUs);
}

}  // namespace

Process::~Process() {
  if (spawned_.pid > 0) {
    Reap();
  } else if (spawned_.socket >= 0) {
    close(spawned_.socket);
  }
}

void Process::DefineOnce(const Script& script) {
  if (auto it = known_.find(script.hash()); it != known_.end()) {
    known_order_.splice(known_order_.begin(), known_order_, it->second);
    return;
  }
  if (known_.size() >= kMaxKnownScripts) {
    FrameWriter frame(out_, FrameType::kForget);
    frame.PutRaw(known_order_.back());
    known_.erase(known_order_.back());
    known_order_.pop_back();
  }
  known_order_.push_front(script.hash());
  known_[script.hash()] = known_order_.begin();
  FrameWriter frame(out_, FrameType::kDefine);
  frame.PutRaw(script.hash());
  frame.PutU8(static_cast<uint8_t>(script.kind()));
  frame.PutU32(static_cast<uint32_t>(script.parameters().size()));
  for (const std::string& name : script.parameters()) frame.PutString(name);
  frame.PutString(script.source());
}

void Process::Enqueue(std::shared_ptr<Job> job, absl::Time now) {
  const Evaluation& evaluation = job->evaluation;
  DefineOnce(*evaluation.script);
  {
    FrameWriter frame(out_, FrameType::kEvaluate);
    frame.PutU64(job->id);
    frame.PutRaw(evaluation.tenant.uuid().as_string_view());
    frame.PutRaw(evaluation.script->hash());
    frame.PutU64(absl::ToInt64Microseconds(evaluation.limits.cpu_time));
    frame.PutU64(absl::ToInt64Microseconds(evaluation.limits.wall_time));
    frame.PutU64(evaluation.limits.heap_bytes);
    frame.PutU64(evaluation.limits.output_bytes);
    frame.PutU8(evaluation.compile_only ? 1 : 0);
    frame.PutU32(static_cast<uint32_t>(evaluation.arguments.size()));
    for (const std::string& argument : evaluation.arguments) frame.PutString(argument);
  }
  if (jobs_.empty()) since_ = now;
  expected_us_ += ExpectedUs(*job);
  ++job->copies;
  jobs_.push_back(std::move(job));
}

bool Process::Send() {
  size_t sent = 0;
  while (sent < out_.size()) {
    const ssize_t n = send(spawned_.socket, out_.data() + sent, out_.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) break;
    if (n < 0) return false;
    sent += n;
  }
  out_.erase(0, sent);
  return true;
}

bool Process::TakeHello(FieldReader fields) {
  const uint32_t version = fields.GetU32();
  fields.GetU32();  // what confinement took hold; the process itself refuses what is too little
  if (!fields.at_end() || version != protocol::kVersion) return false;
  if (state_ == State::kStarting) state_ = State::kReady;
  return true;
}

bool Process::Receive(absl::Time now,
                      const std::function<void(std::shared_ptr<Job>, Answer)>& answered) {
  bool open = true;
  for (;;) {
    const size_t had = in_.size();
    in_.resize(had + kReceiveBytes);
    const ssize_t n = recv(spawned_.socket, in_.data() + had, kReceiveBytes, 0);
    in_.resize(had + std::max<ssize_t>(n, 0));
    if (n < 0 && errno == EINTR) continue;
    open = n > 0 || (n < 0 && errno == EAGAIN);
    if (n < static_cast<ssize_t>(kReceiveBytes)) break;
  }
  std::string_view bytes = in_;
  Frame frame;
  NextFrame next;
  while ((next = protocol::TakeFrame(bytes, frame)) == NextFrame::kComplete) {
    FieldReader fields(frame.payload);
    if (frame.type == FrameType::kHello) {
      if (!TakeHello(fields)) return false;
      continue;
    }
    Answer answer;
    answer.id = fields.GetU64();
    answer.outcome.kind = static_cast<OutcomeKind>(fields.GetU8());
    answer.cpu_us = fields.GetU32();
    answer.outcome.value_json = fields.GetString();
    answer.outcome.error_name = fields.GetString();
    answer.outcome.error_message = fields.GetString();
    answer.outcome.error_stack = fields.GetString();
    // Results come in the order of the jobs; anything else is not our program speaking.
    if (frame.type != FrameType::kResult || !fields.at_end() || jobs_.empty() ||
        jobs_.front()->id != answer.id || answer.outcome.kind > OutcomeKind::kTooLarge ||
        answer.outcome.value_json.size() > jobs_.front()->evaluation.limits.output_bytes) {
      return false;
    }
    std::shared_ptr<Job> job = std::move(jobs_.front());
    jobs_.pop_front();
    --job->copies;
    expected_us_ = jobs_.empty() ? 0 : std::max(0.0, expected_us_ - ExpectedUs(*job));
    since_ = now;
    has_answered_ = true;
    answered(std::move(job), std::move(answer));
  }
  in_.erase(0, in_.size() - bytes.size());
  if (in_.empty() && in_.capacity() > 4 * kReceiveBytes) in_.shrink_to_fit();
  return open && next != NextFrame::kMalformed;
}

void Process::Kill() {
  if (spawned_.pid > 0) kill(spawned_.pid, SIGKILL);
  state_ = State::kEnding;
}

int Process::Reap() {
  kill(spawned_.pid, SIGKILL);  // in case only its socket was closed; a zombie does not mind
  int status = 0;
  while (waitpid(spawned_.pid, &status, 0) < 0 && errno == EINTR) {
  }
  spawned_.pid = -1;
  close(std::exchange(spawned_.socket, -1));
  return status;
}

}  // namespace penstock::sandbox

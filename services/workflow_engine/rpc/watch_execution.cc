#include "services/workflow_engine/rpc/watch_execution.h"

#include <atomic>
#include <charconv>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/ops/get_execution.h"
#include "services/workflow_engine/rpc/convert_execution.h"
#include "services/workflow_engine/rpc/start_request.h"

namespace penstock::workflow_engine {
namespace {

namespace v1 = workflow::v1;
using Writer = rpc::StreamWriter<v1::WatchExecutionResponse>;

absl::StatusOr<int> ParseResumeToken(const std::string& token) {
  if (token.empty()) return 0;
  int sequence = 0;
  auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), sequence);
  if (error != std::errc() || end != token.data() + token.size() || sequence < 0) {
    return InvalidField("resume_token", "is not one that WatchExecution gave");
  }
  return sequence;
}

// Outcomes read at a time: a run may have many, with large payloads.
constexpr int kPageNodes = 200;
// A busy tenant commits thousands of times a second; a watcher can't tell them apart.
constexpr absl::Duration kReadInterval = absl::Milliseconds(50);

class Watch : public std::enable_shared_from_this<Watch> {
 public:
  Watch(WatchSources sources, auth::CallContext caller, ExecutionId id, int sent, std::shared_ptr<Writer> writer)
      : sources_(std::move(sources)), caller_(std::move(caller)), id_(id), sent_(sent), writer_(std::move(writer)) {}

  void Start() {
    self_ = shared_from_this();
    std::weak_ptr<Watch> weak = self_;
    auto wake = [weak] {
      if (auto watch = weak.lock()) watch->Wake();
    };
    subscription_ = sources_.commits.Subscribe(caller_.tenant, wake);
    writer_->OnRoom(wake);
    writer_->OnClosed(wake);
    Wake();
  }

 private:
  // Looks on a worker, one look at a time; a wake-up during a look leads to another.
  void Wake() {
    {
      absl::MutexLock lock(&mutex_);
      again_ = true;
      if (std::exchange(running_, true)) return;
    }
    absl::Status queued = sources_.workers.Submit([watch = shared_from_this()] { watch->Run(); });
    if (!queued.ok()) End(queued);
  }

  void Run() {
    while (true) {
      {
        absl::MutexLock lock(&mutex_);
        if (!std::exchange(again_, false)) {
          running_ = false;
          return;
        }
      }
      std::optional<absl::Status> end = Step();
      if (end) return End(*end);
    }
  }

  // Reads what is new and sends it, page by page. Nothing while there may be more to come.
  std::optional<absl::Status> Step() {
    bool has_looked = false;
    while (true) {
      if (writer_->closed()) return absl::OkStatus();
      if (pending_.empty()) {
        if (over_) return absl::OkStatus();
        if (!more_ && (has_looked || !MayRead())) return std::nullopt;
        absl::Status read = Read();
        if (!read.ok()) return read;
        has_looked = true;
      }
      while (!pending_.empty()) {
        switch (writer_->Write(pending_.front())) {
          case rpc::Taken::kTaken: pending_.pop_front(); break;
          case rpc::Taken::kFull: return std::nullopt;
          case rpc::Taken::kClosed: return absl::OkStatus();
        }
      }
    }
  }

  // Whether the last look was long enough ago. If not, the next one is when it is: commits until then share it.
  bool MayRead() {
    absl::Time now = sources_.clock.Now();
    if (now >= next_read_) {
      next_read_ = now + kReadInterval;
      return true;
    }
    if (waits_.exchange(true)) return false;
    sources_.later(next_read_ - now, [weak = weak_from_this()] {
      std::shared_ptr<Watch> watch = weak.lock();
      if (!watch) return;
      watch->waits_ = false;
      watch->Wake();
    });
    return false;
  }

  absl::Status Read() {
    ASSIGN_OR_RETURN(ExecutionNews news, GetExecutionNews(sources_.pool, caller_, id_, sent_, last_state_, kPageNodes));
    for (const NodeRecord& node : news.nodes) {
      sent_ = node.sequence;
      *Add().mutable_node_execution() = ToProto(node);
    }
    // Its end is told after all that led to it.
    more_ = news.nodes.size() == kPageNodes;
    if (more_) return absl::OkStatus();
    over_ = IsOver(news.state);
    last_state_ = news.state;
    if (news.execution) *Add().mutable_execution() = ToProto(*news.execution);
    return absl::OkStatus();
  }

  v1::WatchExecutionResponse& Add() {
    v1::WatchExecutionResponse& response = pending_.emplace_back();
    response.set_resume_token(std::to_string(sent_));
    return response;
  }

  void End(const absl::Status& status) {
    writer_->Finish(status);
    subscription_.reset();
    self_.reset();
  }

  const WatchSources sources_;
  const auth::CallContext caller_;
  const ExecutionId id_;
  // The look's.
  int sent_;
  bool over_ = false;
  bool more_ = false;  // than fitted into a page
  absl::Time next_read_ = absl::InfinitePast();
  std::optional<ExecutionState> last_state_;
  std::deque<v1::WatchExecutionResponse> pending_;
  std::shared_ptr<Writer> writer_;
  CommitSignal::Subscription subscription_;
  std::shared_ptr<Watch> self_;  // until the end
  std::atomic<bool> waits_{false};

  absl::Mutex mutex_;
  bool running_ ABSL_GUARDED_BY(mutex_) = false;
  bool again_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

void WatchExecution(WatchSources sources, const auth::CallContext& caller, const v1::WatchExecutionRequest& request,
                    std::shared_ptr<Writer> writer) {
  absl::StatusOr<ExecutionId> id = ParseExecutionId(request.id());
  if (!id.ok()) return writer->Finish(id.status());
  absl::StatusOr<int> sent = ParseResumeToken(request.resume_token());
  if (!sent.ok()) return writer->Finish(sent.status());
  std::make_shared<Watch>(std::move(sources), caller, *id, *sent, std::move(writer))->Start();
}

}  // namespace penstock::workflow_engine

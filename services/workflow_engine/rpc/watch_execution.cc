#include "services/workflow_engine/rpc/watch_execution.h"

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

class Watch : public std::enable_shared_from_this<Watch> {
 public:
  Watch(postgres::Pool& pool, lifecycle::ThreadPool& workers, auth::CallContext caller, ExecutionId id, int sent, std::shared_ptr<Writer> writer)
      : pool_(pool), workers_(workers), caller_(std::move(caller)), id_(id), sent_(sent), writer_(std::move(writer)) {}

  void Start(CommitSignal& commits) {
    self_ = shared_from_this();
    std::weak_ptr<Watch> weak = self_;
    auto wake = [weak] {
      if (auto watch = weak.lock()) watch->Wake();
    };
    subscription_ = commits.Subscribe(caller_.tenant, wake);
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
    absl::Status queued = workers_.Submit([watch = shared_from_this()] { watch->Run(); });
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

  // Nothing while there may be more to come.
  std::optional<absl::Status> Step() {
    if (writer_->closed()) return absl::OkStatus();
    if (pending_.empty() && !over_) {
      absl::Status read = Read();
      if (!read.ok()) return read;
    }
    while (!pending_.empty()) {
      switch (writer_->Write(pending_.front())) {
        case rpc::Taken::kTaken: pending_.pop_front(); break;
        case rpc::Taken::kFull: return std::nullopt;
        case rpc::Taken::kClosed: return absl::OkStatus();
      }
    }
    return over_ ? std::optional(absl::OkStatus()) : std::nullopt;
  }

  absl::Status Read() {
    ASSIGN_OR_RETURN(ExecutionRecord record, GetExecution(pool_, caller_, id_));
    for (const NodeRecord& node : record.nodes) {
      if (node.sequence <= sent_) continue;  // sent already, or still open
      sent_ = node.sequence;
      v1::WatchExecutionResponse& response = Add();
      *response.mutable_node_execution() = ToProto(node);
    }
    over_ = IsOver(record.state);
    if (last_state_ == record.state) return absl::OkStatus();
    last_state_ = record.state;
    record.nodes.clear();
    *Add().mutable_execution() = ToProto(record);
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

  postgres::Pool& pool_;
  lifecycle::ThreadPool& workers_;
  const auth::CallContext caller_;
  const ExecutionId id_;
  // The look's.
  int sent_;
  bool over_ = false;
  std::optional<ExecutionState> last_state_;
  std::deque<v1::WatchExecutionResponse> pending_;
  std::shared_ptr<Writer> writer_;
  CommitSignal::Subscription subscription_;
  std::shared_ptr<Watch> self_;  // until the end

  absl::Mutex mutex_;
  bool running_ ABSL_GUARDED_BY(mutex_) = false;
  bool again_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

void WatchExecution(postgres::Pool& server_pool, CommitSignal& commits, lifecycle::ThreadPool& workers, const auth::CallContext& caller,
                    const v1::WatchExecutionRequest& request, std::shared_ptr<Writer> writer) {
  absl::StatusOr<ExecutionId> id = ParseExecutionId(request.id());
  if (!id.ok()) return writer->Finish(id.status());
  absl::StatusOr<int> sent = ParseResumeToken(request.resume_token());
  if (!sent.ok()) return writer->Finish(sent.status());
  std::make_shared<Watch>(server_pool, workers, caller, *id, *sent, std::move(writer))->Start(commits);
}

}  // namespace penstock::workflow_engine

// A watch over the real database, with its stream, its clock and its delays in the test's hands.
#include "services/workflow_engine/rpc/watch_execution.h"

#include <catch2/catch.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "libs/testing/simulated_clock.h"
#include "services/workflow_engine/testing/recorded.h"

namespace penstock::workflow_engine {
namespace {

namespace v1 = workflow::v1;

Recorded& Store() {
  static Recorded store;
  return store;
}

// A client that reads as fast as it is told to.
class Client final : public rpc::StreamTransport<v1::WatchExecutionResponse> {
 public:
  explicit Client(bool reads) : reads_(reads) { buffer_->HandlerReturned(); }

  std::shared_ptr<rpc::StreamWriter<v1::WatchExecutionResponse>> Writer() {
    return std::make_shared<rpc::StreamWriter<v1::WatchExecutionResponse>>(buffer_);
  }
  void StartWriting(const v1::WatchExecutionResponse& message) override {
    {
      absl::MutexLock lock(&mutex_);
      seen_.push_back(message.has_execution() ? v1::ExecutionState_Name(message.execution().state()) : message.node_execution().node_id());
      token_ = message.resume_token();
      if (!reads_) return;
    }
    buffer_->Written(true);
  }
  void End(const absl::Status& status) override {
    absl::MutexLock lock(&mutex_);
    end_ = status;
  }
  void ReadOn() {
    {
      absl::MutexLock lock(&mutex_);
      reads_ = true;
    }
    buffer_->Written(true);
  }
  std::vector<std::string> TakeSeen() {
    absl::MutexLock lock(&mutex_);
    return std::exchange(seen_, {});
  }
  std::string token() {
    absl::MutexLock lock(&mutex_);
    return token_;
  }
  std::optional<absl::Status> end() {
    absl::MutexLock lock(&mutex_);
    return end_;
  }

 private:
  absl::Mutex mutex_;
  bool reads_;
  std::vector<std::string> seen_;
  std::string token_;
  std::optional<absl::Status> end_;
  std::shared_ptr<rpc::StreamBuffer<v1::WatchExecutionResponse>> buffer_ =
      std::make_shared<rpc::StreamBuffer<v1::WatchExecutionResponse>>(*this, 256);
};

struct Watching {
  explicit Watching(int resume_after = 0, bool reads = true) : client(reads) {
    v1::WatchExecutionRequest request;
    request.set_id(id.ToString());
    if (resume_after > 0) request.set_resume_token(std::to_string(resume_after));
    AddNode(1, "first");
    AddNode(2, "second");
    WatchExecution({Store().pool(), commits, workers, clock,
                    [this](absl::Duration delay, std::function<void()> task) { delayed.emplace_back(delay, std::move(task)); }},
                   Recorded::CallerOf(tenant), request, client.Writer());
    Settle();
  }
  // All that was asked of the one worker is done.
  void Settle() {
    absl::Notification done;
    REQUIRE(workers.Submit([&done] { done.Notify(); }).ok());
    done.WaitForNotification();
  }
  void Commit() {
    commits.Notify({tenant});
    Settle();
  }
  void RunDelayed() {
    auto tasks = std::exchange(delayed, {});
    for (auto& [delay, task] : tasks) {
      clock.Advance(delay);
      task();
    }
    Settle();
  }
  void AddNode(int sequence, const std::string& node) {
    Store().Add(RecordedNode{.tenant = tenant, .execution = id, .sequence = sequence, .node_id = node});
  }
  void SetState(const std::string& state) {
    std::string over = state == "COMPLETED" ? ", completed_at = now()" : "";
    Store().Run("UPDATE workflow.workflow_executions SET state = '" + state + "'" + over + " WHERE execution_id = '" + id.ToString() + "'");
  }

  TenantId tenant = Recorded::MakeTenant();
  ExecutionId id = Store().Add(RecordedExecution{.tenant = tenant, .state = ExecutionState::kRunning, .at = absl::Now()});
  testing::SimulatedClock clock;
  CommitSignal commits;
  std::vector<std::pair<absl::Duration, std::function<void()>>> delayed;
  Client client;
  lifecycle::ThreadPool workers{{.name = "test", .threads = 1}};
};

using Seen = std::vector<std::string>;

TEST_CASE("a watcher gets what is on record, then what commits add, and the end") {
  Watching watch;
  CHECK(watch.client.TakeSeen() == Seen{"first", "second", "EXECUTION_STATE_RUNNING"});
  watch.clock.Advance(absl::Seconds(1));
  watch.AddNode(3, "third");
  watch.Commit();
  CHECK(watch.client.TakeSeen() == Seen{"third"});
  CHECK(watch.client.token() == "3");
  watch.clock.Advance(absl::Seconds(1));
  watch.AddNode(4, "fourth");
  watch.SetState("COMPLETED");
  watch.Commit();
  CHECK(watch.client.TakeSeen() == Seen{"fourth", "EXECUTION_STATE_COMPLETED"});
  REQUIRE(watch.client.end());
  CHECK(watch.client.end()->ok());
  CHECK(watch.commits.subscribed().empty());
}

TEST_CASE("commits within 50 ms of a look share the next one") {
  Watching watch;
  watch.client.TakeSeen();
  watch.AddNode(3, "third");
  for (int i = 0; i < 10; ++i) watch.Commit();
  CHECK(watch.client.TakeSeen().empty());
  REQUIRE(watch.delayed.size() == 1);
  CHECK(watch.delayed[0].first == absl::Milliseconds(50));
  watch.AddNode(4, "fourth");
  watch.RunDelayed();
  CHECK(watch.client.TakeSeen() == Seen{"third", "fourth"});
  CHECK(watch.delayed.empty());
}

TEST_CASE("a resumed watch begins behind what was sent before") {
  Watching watch(1);
  CHECK(watch.client.TakeSeen() == Seen{"second", "EXECUTION_STATE_RUNNING"});
}

TEST_CASE("a record larger than a page and the buffer arrives whole and in order") {
  Watching watch(0, false);
  std::vector<std::string> expected;
  for (int i = 3; i <= 700; ++i) {
    expected.push_back("n" + std::to_string(i));
    watch.AddNode(i, expected.back());
  }
  watch.clock.Advance(absl::Seconds(1));
  watch.Commit();
  watch.client.ReadOn();
  watch.Settle();
  watch.Settle();
  watch.RunDelayed();
  Seen seen = watch.client.TakeSeen();
  REQUIRE(seen.size() == expected.size() + 3);
  CHECK(Seen(seen.begin() + 3, seen.end()) == expected);
}

TEST_CASE("another tenant's execution can't be watched") {
  Watching watch;
  Client stranger(true);
  v1::WatchExecutionRequest request;
  request.set_id(watch.id.ToString());
  WatchExecution({Store().pool(), watch.commits, watch.workers, watch.clock, [](absl::Duration, std::function<void()>) {}},
                 Recorded::CallerOf(Recorded::MakeTenant()), request, stranger.Writer());
  watch.Settle();
  REQUIRE(stranger.end());
  CHECK(absl::IsNotFound(*stranger.end()));
}

}  // namespace
}  // namespace penstock::workflow_engine

#include "libs/sandbox/dispatcher.h"

#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace penstock::sandbox {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'000'000);

// A dispatcher and processes whose other end is this test.
class Bench {
 public:
  explicit Bench(int processes, int max_processes) : dispatcher(max_processes) {
    for (int i = 0; i < processes; ++i) AddProcess();
  }
  ~Bench() {
    for (int peer : peers_) close(peer);
  }

  void AddProcess() {
    int pair[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == 0);
    peers_.push_back(pair[1]);
    processes.push_back(std::make_unique<Process>(Spawned{.pid = -1, .socket = pair[0]}, kNow));
    std::string hello;
    {
      protocol::FrameWriter frame(hello, protocol::FrameType::kHello);
      frame.PutU32(protocol::kVersion);
      frame.PutU32(0);
    }
    REQUIRE(write(pair[1], hello.data(), hello.size()) == static_cast<ssize_t>(hello.size()));
    REQUIRE(processes.back()->Receive(kNow, [](auto, auto) {}));
  }

  void Add(const std::string& source, int count = 1) {
    for (int i = 0; i < count; ++i) {
      dispatcher.Add({TenantId(), Script::Create(ScriptKind::kBody, {}, source), {}, {}},
                     [this](Outcome outcome) { outcomes.push_back(outcome.kind); });
    }
  }

  // Makes the time a script takes known: has the first process run it once.
  void Teach(const std::string& source, uint32_t microseconds) {
    Add(source);
    REQUIRE(dispatcher.Assign(processes, kNow));
    std::string result;
    {
      protocol::FrameWriter frame(result, protocol::FrameType::kResult);
      frame.PutU64(processes[0]->jobs().front()->id);
      frame.PutU8(static_cast<uint8_t>(OutcomeKind::kValue));
      frame.PutU32(microseconds);
      for (int i = 0; i < 4; ++i) frame.PutString("");
    }
    REQUIRE(write(peers_[0], result.data(), result.size()) == static_cast<ssize_t>(result.size()));
    REQUIRE(processes[0]->Receive(kNow, [&](std::shared_ptr<Job> job, Process::Answer answer) {
      dispatcher.Answer(std::move(job), std::move(answer), finished);
    }));
    REQUIRE(finished.size() == 1);
    finished.clear();
  }

  void Lose(size_t index) {
    std::unique_ptr<Process> process = std::move(processes[index]);
    processes.erase(processes.begin() + index);
    Outcome crashed;
    crashed.kind = OutcomeKind::kCrashed;
    dispatcher.TakeBack(*process, crashed, finished);
    for (auto& [done, outcome] : finished) done(outcome);
    finished.clear();
  }

  Dispatcher dispatcher;
  Dispatcher::Processes processes;
  Dispatcher::Finished finished;
  std::vector<OutcomeKind> outcomes;

 private:
  std::vector<int> peers_;
};

TEST_CASE("code never seen has a process to itself") {
  Bench bench(2, 2);
  bench.Add("unknown", 3);
  bench.dispatcher.Assign(bench.processes, kNow);
  CHECK(bench.processes[0]->jobs().size() == 1);
  CHECK(bench.processes[1]->jobs().size() == 1);
  CHECK(bench.dispatcher.queued() == 1);
}

TEST_CASE("fast code shares a process, within a batch") {
  Bench bench(1, 1);
  bench.Teach("fast", 10);
  bench.Add("fast", 1000);
  bench.dispatcher.Assign(bench.processes, kNow);
  CHECK(bench.processes[0]->jobs().size() > 10);
  CHECK(bench.processes[0]->jobs().size() <= 64);
}

TEST_CASE("slow code leaves one process to the rest") {
  Bench bench(2, 2);
  bench.Teach("slow", 100'000);
  bench.Add("slow", 5);
  bench.dispatcher.Assign(bench.processes, kNow);
  CHECK(bench.dispatcher.queued() == 4);
  bench.Add("other");
  bench.dispatcher.Assign(bench.processes, kNow);
  CHECK(bench.dispatcher.queued() == 4);
}

TEST_CASE("only the first job of a lost process fails") {
  Bench bench(1, 1);
  bench.Teach("fast", 10);
  bench.Add("fast", 5);
  bench.dispatcher.Assign(bench.processes, kNow);
  REQUIRE(bench.processes[0]->jobs().size() == 5);
  bench.Lose(0);
  CHECK(bench.outcomes == std::vector{OutcomeKind::kCrashed});
  CHECK(bench.dispatcher.queued() == 4);
}

TEST_CASE("a hedged job is not lost when both its processes are, one after the other") {
  Bench bench(1, 2);
  bench.Teach("fast", 10);
  bench.Add("fast", 3);
  bench.dispatcher.Assign(bench.processes, kNow);
  REQUIRE(bench.processes[0]->jobs().size() == 3);
  const absl::Time later = kNow + absl::Seconds(1);
  bench.dispatcher.Hedge(*bench.processes[0]);
  bench.dispatcher.Hedge(*bench.processes[0]);
  CHECK(bench.dispatcher.queued() == 2);
  bench.AddProcess();
  bench.dispatcher.Assign(bench.processes, later);
  REQUIRE(bench.processes[1]->jobs().size() == 2);
  bench.Lose(1);  // blames its first; the second still has a copy in the other process
  CHECK(bench.outcomes.size() == 1);
  CHECK(bench.dispatcher.queued() == 0);
  bench.Lose(0);  // blames its own first; the last job has no copy left
  CHECK(bench.outcomes.size() == 2);
  CHECK(bench.dispatcher.queued() == 1);
}

}  // namespace
}  // namespace penstock::sandbox

#include <atomic>
#include <catch2/catch.hpp>
#include <map>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "libs/sandbox/sandbox.h"
#include "libs/sandbox/testing.h"

namespace penstock::sandbox {
namespace {

using testing::Body;
using testing::MakeTenant;
using testing::Options;

TEST_CASE("scripts are named by kind, parameters and source") {
  auto hash = [](ScriptKind kind, std::vector<std::string> parameters, std::string source) {
    return Script::Create(kind, std::move(parameters), std::move(source))->hash();
  };
  const std::string one = hash(ScriptKind::kBody, {"a"}, "x");
  CHECK(one.size() == 16);
  CHECK(one == hash(ScriptKind::kBody, {"a"}, "x"));
  CHECK(one != hash(ScriptKind::kExpression, {"a"}, "x"));
  CHECK(one != hash(ScriptKind::kBody, {"a", ""}, "x"));
  CHECK(one != hash(ScriptKind::kBody, {"ax"}, ""));
}

TEST_CASE("a binary that does not exist is an error of Create") {
  PoolOptions options = Options();
  options.executable = "/nowhere/penstock-sandbox";
  CHECK(Pool::Create(options).status().code() == absl::StatusCode::kFailedPrecondition);
}

TEST_CASE("a binary that dies at once is an error of Create") {
  PoolOptions options = Options();
  options.executable = "/bin/false";
  CHECK(Pool::Create(options).status().code() == absl::StatusCode::kFailedPrecondition);
}

TEST_CASE("code can be compiled without running any of it") {
  auto check = [](ScriptKind kind, std::string source) {
    Evaluation evaluation{.tenant = MakeTenant(),
                          .script = Script::Create(kind, {"input"}, std::move(source)),
                          .arguments = {},
                          .limits = {},
                          .compile_only = true};
    return testing::SharedPool().Evaluate(std::move(evaluation));
  };
  CHECK(check(ScriptKind::kBody, "for (;;) {}").kind == OutcomeKind::kValue);
  CHECK(check(ScriptKind::kBody, "throw new Error('ran')").kind == OutcomeKind::kValue);
  CHECK(check(ScriptKind::kExpression, "input.a.b > 1").kind == OutcomeKind::kValue);
  const Outcome broken = check(ScriptKind::kBody, "return {;");
  CHECK(broken.kind == OutcomeKind::kInvalid);
  CHECK(broken.error_name == "SyntaxError");
  CHECK(check(ScriptKind::kExpression, "1) + (2").kind == OutcomeKind::kInvalid);
  CHECK(check(ScriptKind::kExpression, "return 1").kind == OutcomeKind::kInvalid);
}

TEST_CASE("ten thousand concurrent submissions are each answered once and with their own value") {
  PoolOptions options = Options();
  options.max_queued = 20'000;
  auto pool = Pool::Create(options).value();
  constexpr int kCount = 10'000;
  const TenantId tenant = MakeTenant();
  std::vector<std::atomic<int>> answers(kCount);
  std::atomic<int> wrong = 0;
  absl::BlockingCounter left(kCount);
  for (int i = 0; i < kCount; ++i) {
    absl::Status status =
        pool->Submit(Body(tenant, "return input + 1", std::to_string(i)), [&, i](Outcome outcome) {
          if (outcome.value_json != std::to_string(i + 1)) ++wrong;
          if (++answers[i] == 1) left.DecrementCount();
        });
    REQUIRE(status.ok());
  }
  left.Wait();
  CHECK(wrong == 0);
  CHECK(pool->stats().evaluations == kCount);
  pool.reset();
  for (auto& count : answers) CHECK(count == 1);
}

TEST_CASE("a full queue refuses at once") {
  PoolOptions options = Options();
  options.processes = options.max_processes = 1;
  options.max_queued = 3;
  auto pool = Pool::Create(options).value();
  const TenantId tenant = MakeTenant();
  absl::Status status;
  // The first runs for as long as the test; three wait.
  for (int i = 0; i < 4; ++i) CHECK(pool->Submit(Body(tenant, "for (;;);"), [](Outcome) {}).ok());
  CHECK(pool->Submit(Body(tenant, "for (;;);"), [](Outcome) {}).code() ==
        absl::StatusCode::kResourceExhausted);
}

TEST_CASE("destroying the pool answers everything with unavailable") {
  PoolOptions options = Options();
  options.processes = options.max_processes = 1;
  auto pool = Pool::Create(options).value();
  const TenantId tenant = MakeTenant();
  std::atomic<int> unavailable = 0;
  for (int i = 0; i < 100; ++i) {
    REQUIRE(pool->Submit(Body(tenant, "for (;;);"),
                         [&](Outcome outcome) {
                           if (outcome.kind == OutcomeKind::kUnavailable) ++unavailable;
                         })
                .ok());
  }
  pool.reset();
  CHECK(unavailable == 100);
}

TEST_CASE("a killed process costs the one evaluation it was running") {
  PoolOptions options = Options();
  options.processes = options.max_processes = 1;
  auto pool = Pool::Create(options).value();
  const TenantId tenant = MakeTenant();
  // Known to be fast, so that many share the process.
  for (int i = 0; i < 3; ++i) REQUIRE(pool->Evaluate(Body(tenant, "return 1")).value_json == "1");
  absl::Mutex mutex;
  std::map<OutcomeKind, int> kinds;
  int total = 0;
  for (int i = 0; i < 500; ++i) {
    REQUIRE(pool->Submit(Body(tenant, "return 1"),
                         [&](Outcome outcome) {
                           absl::MutexLock lock(&mutex);
                           ++kinds[outcome.kind];
                           ++total;
                         })
                .ok());
  }
  pool->KillAll();
  absl::MutexLock lock(&mutex);
  auto all_answered = [&] { return total == 500; };
  REQUIRE(mutex.AwaitWithTimeout(absl::Condition(&all_answered), absl::Seconds(60)));
  CHECK(kinds[OutcomeKind::kCrashed] <= 1);
  CHECK(kinds[OutcomeKind::kValue] == 500 - kinds[OutcomeKind::kCrashed]);
  CHECK(pool->stats().kills == 1);
}

TEST_CASE("what waits behind code that hangs is answered elsewhere meanwhile") {
  PoolOptions options = Options();
  options.processes = 1;
  options.max_processes = 2;
  auto pool = Pool::Create(options).value();
  const TenantId tenant = MakeTenant();
  // Fast by reputation, and slow for this input.
  const std::string source = "while (input); return 1";
  for (int i = 0; i < 5; ++i) REQUIRE(pool->Evaluate(Body(tenant, source, "0")).value_json == "1");
  absl::Mutex mutex;
  std::vector<OutcomeKind> order;
  auto record = [&](Outcome outcome) {
    absl::MutexLock lock(&mutex);
    order.push_back(outcome.kind);
  };
  REQUIRE(pool->Submit(Body(tenant, source, "1"), record).ok());
  for (int i = 0; i < 10; ++i) REQUIRE(pool->Submit(Body(tenant, source, "0"), record).ok());
  absl::MutexLock lock(&mutex);
  auto all_answered = [&] { return order.size() == 11; };
  REQUIRE(mutex.AwaitWithTimeout(absl::Condition(&all_answered), absl::Seconds(60)));
  CHECK(order.back() == OutcomeKind::kTimedOut);
  CHECK(std::count(order.begin(), order.end(), OutcomeKind::kValue) == 10);
}

}  // namespace
}  // namespace penstock::sandbox

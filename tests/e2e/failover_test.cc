// Two engines share the shards; when either is killed the other has all of them within ten seconds
// and nothing is lost.
#include <atomic>
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/postgres/connection.h"
#include "libs/testing/check.h"
#include "tests/e2e/workbench.h"
#include "tests/harness/http.h"

namespace penstock::e2e {
namespace {

using nlohmann::json;
using testing::Check;

constexpr int kShards = 256;

class TwoEngines {
 public:
  TwoEngines()
      : penstock_(Check(Deployment::Start({.engines = 2}), "starting two engines")),
        database_(
            Check(postgres::Connection::Open(penstock_->DatabaseConninfo(), absl::Seconds(10)),
                  "connecting")) {}

  Deployment& penstock() { return *penstock_; }

  // Shards by living owner.
  std::vector<int64_t> Shares() {
    static constexpr postgres::Statement kShares{"shares", R"sql(
      SELECT count(*) FROM workflow.shard_leases l JOIN workflow.engine_members m ON m.boot_id = l.owner
      WHERE m.expires_at > now() GROUP BY l.owner ORDER BY 1)sql"};
    postgres::Result rows = Check(database_->Execute(kShares), "shares");
    std::vector<int64_t> shares;
    for (int i = 0; i < rows.rows(); ++i) shares.push_back(rows.Get<int64_t>(i, 0));
    return shares;
  }

  int64_t CountExecutions(const std::string& workflow) {
    static constexpr postgres::Statement kCount{
        "executions",
        "SELECT count(*) FROM workflow.workflow_executions WHERE workflow_id = $1::uuid"};
    postgres::Result rows = Check(
        database_->Execute(kCount, std::move(postgres::Params().Add(workflow))), "executions");
    return rows.Get<int64_t>(0, 0);
  }

  int64_t CountEnded(const std::string& workflow) {
    static constexpr postgres::Statement kCount{
        "ended",
        "SELECT count(*) FROM workflow.workflow_executions WHERE workflow_id = $1::uuid AND "
        "completed_at IS NOT NULL"};
    postgres::Result rows =
        Check(database_->Execute(kCount, std::move(postgres::Params().Add(workflow))), "ended");
    return rows.Get<int64_t>(0, 0);
  }

  // How long until `enough` holds; each look is a round trip.
  absl::Duration Until(const std::function<bool(const std::vector<int64_t>&)>& enough,
                       absl::Duration patience = absl::Seconds(30)) {
    absl::Time begin = absl::Now();
    while (!enough(Shares())) {
      if (absl::Now() - begin > patience) return absl::InfiniteDuration();
    }
    return absl::Now() - begin;
  }

 private:
  std::unique_ptr<Deployment> penstock_;
  std::unique_ptr<postgres::Connection> database_;
};

bool IsShared(const std::vector<int64_t>& shares) {
  return shares.size() == 2 && shares[0] + shares[1] == kShards && shares[0] >= kShards / 4;
}

bool IsOneOwner(const std::vector<int64_t>& shares) {
  return shares == std::vector<int64_t>{kShards};
}

void CheckTakeOver(int killed) {
  TwoEngines engines;
  Deployment& penstock = engines.penstock();
  REQUIRE(engines.Until(IsShared) < absl::Seconds(30));
  Clients& doomed = penstock.clients(killed);
  Clients& survivor = penstock.clients(1 - killed);
  std::string id =
      Publish(survivor, Chain({WebhookTrigger("w"), Node("wait", "wait", {{"duration", "2s"}}),
                               Node("f", "function", {{"code", "return { done: true };"}})}));
  std::vector<std::string> started;
  for (int i = 0; i < 100; ++i) {
    Clients& clients = i % 2 == 0 ? doomed : survivor;
    started.push_back(
        Must(Start(clients, id, {{"n", i}}, workflow::v1::WAIT_MODE_NONE, fmt::format("key-{}", i)))
            .id());
  }
  CHECK(std::set<std::string>(started.begin(), started.end()).size() == started.size());

  penstock.engine(killed).Kill();
  CHECK(engines.Until(IsOneOwner) < absl::Seconds(10));
  for (size_t i = 0; i < started.size(); ++i) {
    Execution execution = Must(AwaitEnd(survivor, started[i]));
    INFO(started[i] << " " << execution.ShortDebugString());
    CHECK(execution.state() == workflow::v1::EXECUTION_STATE_COMPLETED);
    CHECK(execution.node_executions_size() == 3);
    // The key still knows its execution, whoever owns the shard now.
    CHECK(Must(Start(survivor, id, {{"n", i}}, workflow::v1::WAIT_MODE_NONE,
                     fmt::format("key-{}", i)))
              .id() == started[i]);
  }

  REQUIRE(penstock.engine(killed).Start().ok());
  CHECK(engines.Until(IsShared) < absl::Seconds(30));
}

TEST_CASE("the shards of a killed second engine move to the first") { CheckTakeOver(1); }

TEST_CASE("the shards of a killed first engine move to the second") { CheckTakeOver(0); }

TEST_CASE("a call to the engine that does not own an execution reaches the one that does") {
  TwoEngines engines;
  REQUIRE(engines.Until(IsShared) < absl::Seconds(30));
  Clients& first = engines.penstock().clients(0);
  Clients& second = engines.penstock().clients(1);
  std::string id =
      Publish(first, Chain({WebhookTrigger("w"), Node("wait", "wait", {{"duration", "1h"}})}));
  for (int i = 0; i < 10; ++i) {
    Execution execution = Must(Start(first, id, {}, workflow::v1::WAIT_MODE_NONE));
    workflow::v1::CancelExecutionRequest cancel;
    cancel.set_id(execution.id());
    Execution cancelled =
        Must(second.Call(&ExecutionService::Stub::CancelExecution, second.executions(), cancel));
    CHECK(cancelled.state() == workflow::v1::EXECUTION_STATE_CANCELLED);
  }
}

TEST_CASE(
    "deliveries that share one of several ids start its workflow once, whichever engines they meet "
    "on") {
  TwoEngines engines;
  Deployment& penstock = engines.penstock();
  REQUIRE(engines.Until(IsShared) < absl::Seconds(30));
  Clients& clients = penstock.clients();
  std::string by_header =
      Publish(clients, Chain({WebhookTrigger("w", {{"dedupe", {{"header", "x-id"}}}})}));
  std::string by_path =
      Publish(clients, Chain({WebhookTrigger("w", {{"dedupe", {{"path", "id"}}}})}));
  constexpr int kRounds = 20, kSenders = 8;
  std::atomic<int> refused{0};
  std::vector<std::thread> senders;
  for (int s = 0; s < kSenders; ++s) {
    senders.emplace_back([&, s] {
      for (int r = 0; r < kRounds; ++r) {
        // All senders share the round's id in the body; each has a header of its own.
        auto reply =
            harness::PostJson(penstock.WebhookUrl("w"), fmt::format(R"({{"id":"round-{}"}})", r),
                              {fmt::format("X-Id: {}-{}", s, r)});
        if (!reply.ok() || reply->status != 200) ++refused;
      }
    });
  }
  for (auto& sender : senders) sender.join();
  CHECK(refused == 0);
  CHECK(engines.CountExecutions(by_header) == kRounds * kSenders);
  CHECK(engines.CountExecutions(by_path) == kRounds);
}

TEST_CASE("who waits for an execution gets its end though a joining engine takes it over") {
  TwoEngines engines;
  Deployment& penstock = engines.penstock();
  penstock.engine(1).Kill();
  REQUIRE(engines.Until(IsOneOwner) < absl::Seconds(30));
  Clients& clients = penstock.clients(0);
  std::string id =
      Publish(clients, Chain({WebhookTrigger("w", {{"respond", "response"}}),
                              Node("wait", "wait", {{"duration", "15s"}}),
                              Node("r", "response", {{"template", "waited"}, {"status", 201}})}));
  constexpr int kWaiters = 20;
  std::atomic<int> answered{0}, completed{0};
  absl::Mutex mutex;
  std::string otherwise;
  std::vector<std::thread> waiters;
  for (int i = 0; i < kWaiters; ++i) {
    waiters.emplace_back([&] {
      auto reply = harness::PostJson(penstock.WebhookUrl("w"), "{}");
      if (reply.ok() && reply->status == 201 && reply->body == "waited") ++answered;
    });
    waiters.emplace_back([&, i] {
      auto execution = Start(clients, id, {}, workflow::v1::WAIT_MODE_COMPLETED,
                             i % 2 == 0 ? "" : fmt::format("key-{}", i));
      if (execution.ok() && execution->state() == workflow::v1::EXECUTION_STATE_COMPLETED) {
        ++completed;
        return;
      }
      absl::MutexLock lock(&mutex);
      otherwise += fmt::format(
          "{}: {}\n", i,
          execution.ok() ? execution->ShortDebugString() : execution.status().ToString());
    });
  }
  // Begun on the one engine, before there is another.
  absl::Time begin = absl::Now();
  while (engines.CountExecutions(id) < 2 * kWaiters && absl::Now() - begin < absl::Seconds(20)) {
  }
  CHECK(engines.CountEnded(id) == 0);
  CHECK(penstock.engine(1).Start().ok());
  CHECK(engines.Until(IsShared) < absl::Seconds(30));
  CHECK(engines.CountEnded(id) == 0);
  for (auto& waiter : waiters) waiter.join();
  CHECK(answered == kWaiters);
  INFO(otherwise);
  CHECK(completed == kWaiters);
}

TEST_CASE("open streams do not hold up a graceful stop") {
  // Without the streams' own end this patience would be spent to the last second.
  auto penstock = Check(Deployment::Start({.engines = 1,
                                           .engine_settings = {{"PENSTOCK_DRAIN_TIMEOUT", "10m"}},
                                           .interfaces_settings = {}}),
                        "starting");
  Clients& clients = penstock->clients();
  Publish(clients, Chain({WebhookTrigger("w")}));
  CHECK(harness::PostJson(penstock->WebhookUrl("w"), "{}")->status == 200);
  workflow::v1::SubscribeEventsRequest request;
  request.set_from_sequence_number(1);
  grpc::ClientContext context;
  clients.Prepare(context);
  auto subscription = clients.events().SubscribeEvents(&context, request);
  workflow::v1::Event event;
  REQUIRE(subscription->Read(&event));
  CHECK(Check(penstock->engine().Stop(absl::Seconds(60)), "stopping") == 0);
  while (subscription->Read(&event)) {
  }
  CHECK(subscription->Finish().error_code() == grpc::StatusCode::UNAVAILABLE);
  REQUIRE(penstock->engine().Start().ok());
  // The front door finds the engine again by itself.
  auto again = harness::PostJson(penstock->WebhookUrl("w"), "{}");
  for (absl::Time begin = absl::Now();
       (!again.ok() || again->status != 200) && absl::Now() - begin < absl::Seconds(20);) {
    again = harness::PostJson(penstock->WebhookUrl("w"), "{}");
  }
  CHECK(again->status == 200);
}

}  // namespace
}  // namespace penstock::e2e

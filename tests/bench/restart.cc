// How long a killed engine with much open work is away.
#include <chrono>

#include "fmt/format.h"
#include "libs/status/macros.h"
#include "tests/bench/http_load.h"
#include "tests/bench/scenarios.h"
#include "tests/bench/workflows.h"
#include "tests/harness/http.h"

namespace penstock::bench {
namespace {

double SecondsSince(SteadyTime begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

absl::StatusOr<int64_t> CountOpen(Bench& bench) {
  static constexpr postgres::Statement kCount{"count_open",
                                              "SELECT count(*) FROM workflow.open_executions"};
  ASSIGN_OR_RETURN(
      std::unique_ptr<postgres::Connection> connection,
      postgres::Connection::Open(bench.deployment().DatabaseConninfo(), absl::Seconds(10)));
  ASSIGN_OR_RETURN(postgres::Result count, connection->Execute(kCount));
  return count.Get<int64_t>(0, 0);
}

}  // namespace

absl::Status MeasureRestart(Bench& bench) {
  RETURN_IF_ERROR(bench.Publish(Wait("1h", "park")).status());
  RETURN_IF_ERROR(bench.Publish(WebhookFunctionResponse()).status());
  harness::Deployment& deployment = bench.deployment();
  HttpLoad parking{
      .port = deployment.http_port(),
      .request = PostBytes(fmt::format("/webhooks/{}/webhook/park", deployment.tenant_slug()),
                           R"({"message":"hello"})"),
      .connections = 64,
      .requests = bench.options().open_executions};
  ASSIGN_OR_RETURN(LoadResult parked, RunHttpLoad(parking));
  ASSIGN_OR_RETURN(int64_t open, CountOpen(bench));
  if (open < bench.options().open_executions) {
    return absl::InternalError(
        fmt::format("only {} executions are open: {}", open, parked.first_failure));
  }
  std::map<std::string, double> memory = bench.meter().MemoryMb();

  deployment.engine().Kill();
  SteadyTime begin = std::chrono::steady_clock::now();
  RETURN_IF_ERROR(deployment.engine().Launch());
  RETURN_IF_ERROR(deployment.engine().AwaitReady(absl::Minutes(2)));
  double ready = SecondsSince(begin);
  for (bool served = false; !served;) {
    absl::StatusOr<harness::HttpReply> reply =
        harness::PostJson(deployment.WebhookUrl("w1"), R"({"message":"hello"})");
    served = reply.ok() && reply->status == 200;
    if (SecondsSince(begin) > 120)
      return absl::DeadlineExceededError("not serving after two minutes");
  }
  Figure figure{"restart", fmt::format("{} open executions", open), {}};
  figure.Set("parked_per_second", parked.per_second());
  figure.Set("ready_seconds", ready);
  figure.Set("serving_seconds", SecondsSince(begin));
  SetMemory(memory, figure);
  bench.Print(figure);
  return absl::OkStatus();
}

}  // namespace penstock::bench

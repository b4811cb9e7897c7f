// W1: webhook → function → response.
#include "fmt/format.h"
#include "libs/status/macros.h"
#include "tests/bench/http_load.h"
#include "tests/bench/scenarios.h"
#include "tests/bench/webhooks.h"
#include "tests/bench/workflows.h"

namespace penstock::bench {
namespace {

HttpLoad WebhookLoad(Bench& bench, int in_flight) {
  return {
      .port = bench.deployment().http_port(),
      .request = PostBytes(fmt::format("/webhooks/{}/webhook/w1", bench.deployment().tenant_slug()),
                           R"({"message":"hello"})"),
      .connections = in_flight};
}

// Mean of the completions per second in a stretch of whole seconds.
double MeanOf(const std::vector<int64_t>& seconds, size_t begin, size_t end) {
  double sum = 0;
  for (size_t i = begin; i < end; ++i) sum += seconds[i];
  return end > begin ? sum / (end - begin) : 0;
}

}  // namespace

Bench::Load ClosedWebhookLoad(Bench& bench, int in_flight) {
  return [&bench, in_flight](absl::Duration duration) {
    HttpLoad load = WebhookLoad(bench, in_flight);
    load.duration = duration;
    return RunHttpLoad(load);
  };
}

absl::Status MeasureWebhooks(Bench& bench) {
  RETURN_IF_ERROR(bench.Publish(WebhookFunctionResponse()).status());
  // Caches, pools and the sandbox's compiled code as they are in a service that has run for a
  // while.
  RETURN_IF_ERROR(ClosedWebhookLoad(bench, 16)(bench.options().seconds * 0.5).status());
  for (int in_flight : {1, 16, 64, 256}) {
    RETURN_IF_ERROR(
        bench.Measure("W1", fmt::format("{} in flight", in_flight), ClosedWebhookLoad(bench, in_flight)));
  }
  return absl::OkStatus();
}

absl::Status MeasureSteady(Bench& bench) {
  RETURN_IF_ERROR(bench.Publish(WebhookFunctionResponse()).status());
  return bench.Repeat([&] {
    return bench.MeasureOnce("W1", "steady 50/s", bench.options().seconds * 2,
                             [&](absl::Duration duration) {
                               HttpLoad load = WebhookLoad(bench, 64);
                               load.duration = duration;
                               load.per_second = 50;
                               return RunHttpLoad(load);
                             });
  });
}

absl::Status MeasureHeldOpen(Bench& bench) {
  RETURN_IF_ERROR(bench.Publish(WebhookFunctionResponse()).status());
  // Holds a snapshot and a transaction id: nothing written from now on can be vacuumed.
  ASSIGN_OR_RETURN(
      std::unique_ptr<postgres::Connection> holder,
      postgres::Connection::Open(bench.deployment().DatabaseConninfo(), absl::Seconds(10)));
  RETURN_IF_ERROR(
      holder->ExecuteScript("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT pg_current_xact_id(); "
                            "SELECT count(*) FROM workflow.open_executions"));
  std::vector<int64_t> seconds;
  ASSIGN_OR_RETURN(
      Figure figure,
      bench.MeasureOnce(
          "W1",
          fmt::format("64, transaction held {} s", absl::ToInt64Seconds(bench.options().hold)),
          bench.options().hold, [&](absl::Duration duration) {
            absl::StatusOr<LoadResult> result = ClosedWebhookLoad(bench, 64)(duration);
            if (result.ok() && duration == bench.options().hold) {
              seconds = result->completed_in_second;
            }
            return result;
          }));
  RETURN_IF_ERROR(holder->ExecuteScript("ROLLBACK"));
  // The last, begun second is not a whole one.
  if (!seconds.empty()) seconds.pop_back();
  size_t fifth = std::max<size_t>(seconds.size() / 5, 1);
  if (seconds.size() >= fifth) {
    figure.Set("first_fifth_per_second", MeanOf(seconds, 0, fifth));
    figure.Set("last_fifth_per_second", MeanOf(seconds, seconds.size() - fifth, seconds.size()));
  }
  bench.Print(figure);
  return absl::OkStatus();
}

}  // namespace penstock::bench

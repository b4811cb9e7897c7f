#include "tests/bench/bench.h"

#include <sys/utsname.h>

#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/status/macros.h"

namespace penstock::bench {
namespace {

// Backends hand their counters on when a transaction ends and the last time is over a second ago;
// so a pause and a little more of the same load bring the counters up to date. What that little
// adds is counted on both sides.
constexpr absl::Duration kCounterLag = absl::Milliseconds(1100);
constexpr absl::Duration kFlush = absl::Milliseconds(50);

absl::StatusOr<int64_t> BringCountersUpToDate(const Bench::Load& load) {
  absl::SleepFor(kCounterLag);
  ASSIGN_OR_RETURN(LoadResult result, load(kFlush));
  absl::SleepFor(absl::Milliseconds(50));
  return result.completed;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Bench>> Bench::Create(const Options& options, Report& report) {
  ASSIGN_OR_RETURN(std::unique_ptr<harness::Deployment> deployment, harness::Deployment::Start());
  ASSIGN_OR_RETURN(CostMeter meter, CostMeter::Create(*deployment));
  return std::unique_ptr<Bench>(
      new Bench(options, report, std::move(deployment), std::move(meter)));
}

bool Bench::Wants(const std::string& scenario) const {
  return options_.scenarios.empty() || options_.scenarios.contains(scenario);
}

absl::StatusOr<std::string> Bench::Publish(const std::string& json) {
  std::string& id = published_[json];
  if (!id.empty()) return id;
  ASSIGN_OR_RETURN(workflow::v1::Workflow workflow, harness::ParseWorkflow(json));
  ASSIGN_OR_RETURN(workflow, harness::CreateAndPublish(deployment_->clients(), workflow,
                                                       fmt::format("bench-{}", published_.size())));
  id = workflow.id();
  return id;
}

absl::StatusOr<Figure> Bench::MeasureOnce(const std::string& scenario, const std::string& variant,
                                          absl::Duration duration, const Load& load, int steps) {
  RETURN_IF_ERROR(BringCountersUpToDate(load).status());
  ASSIGN_OR_RETURN(Cost before, meter_.Read());
  std::map<std::string, double> memory;
  absl::Notification over;
  std::thread sampler([&] {
    if (!over.WaitForNotificationWithTimeout(duration * 0.8)) memory = meter_.MemoryMb();
  });
  absl::StatusOr<LoadResult> result = load(duration);
  over.Notify();
  sampler.join();
  if (!result.ok()) return result.status();
  ASSIGN_OR_RETURN(int64_t flushing, BringCountersUpToDate(load));
  ASSIGN_OR_RETURN(Cost after, meter_.Read());
  if (result->completed == 0) {
    return absl::InternalError(fmt::format("{} {}: nothing completed; the first failure: {}",
                                           scenario, variant, result->first_failure));
  }

  Figure figure{scenario, variant, {}};
  figure.Set("per_second", result->per_second() * std::max(steps, 1));
  SetLatencies(result->latencies, figure);
  SetCost(after - before, static_cast<double>(result->completed + flushing), figure);
  SetMemory(memory, figure);
  figure.Set("failed", static_cast<double>(result->failed));
  return figure;
}

absl::Status Bench::Measure(const std::string& scenario, const std::string& variant,
                            const Load& load, int steps) {
  return Repeat([&] { return MeasureOnce(scenario, variant, options_.seconds, load, steps); });
}

absl::Status Bench::Repeat(const std::function<absl::StatusOr<Figure>()>& once) {
  std::vector<Figure> figures;
  for (int i = 0; i < options_.repeats; ++i) {
    ASSIGN_OR_RETURN(Figure figure, once());
    figures.push_back(std::move(figure));
  }
  Print(MedianOf(figures));
  return absl::OkStatus();
}

void SetLatencies(const Latencies& latencies, Figure& figure) {
  figure.Set("p50_ms", latencies.PercentileMs(0.50));
  figure.Set("p95_ms", latencies.PercentileMs(0.95));
  figure.Set("p99_ms", latencies.PercentileMs(0.99));
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> DescribeSetUp(
    harness::Deployment& deployment) {
  static constexpr postgres::Statement kSettings{"settings", R"sql(
    SELECT split_part(version(), ' ', 2),
           (SELECT string_agg(name || '=' || current_setting(name), ' ' ORDER BY name) FROM pg_settings
            WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size',
                           'wal_sync_method', 'wal_level')))sql"};
  ASSIGN_OR_RETURN(std::unique_ptr<postgres::Connection> connection,
                   postgres::Connection::Open(deployment.DatabaseConninfo(), absl::Seconds(10)));
  ASSIGN_OR_RETURN(postgres::Result row, connection->Execute(kSettings));
  utsname kernel{};
  uname(&kernel);
  return std::vector<std::pair<std::string, std::string>>{
      {"cores", fmt::format("{}, shared by all servers and the load generator",
                            std::thread::hardware_concurrency())},
      {"kernel", kernel.release},
      {"postgresql", row.Get<std::string>(0, 0)},
      {"settings", row.Get<std::string>(0, 1)}};
}

}  // namespace penstock::bench

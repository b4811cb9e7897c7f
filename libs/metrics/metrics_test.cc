#include "libs/metrics/metrics.h"

#include <catch2/catch.hpp>

#include "libs/metrics/process.h"

namespace penstock::metrics {
namespace {

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("metrics are exposed as text with help, type and labels") {
  Registry registry;
  registry.Counter("penstock_runs_total", "Runs.", {{"outcome", "ok"}}).Increment(3);
  registry.Gauge("penstock_queue_length", "Queue.").Set(7);
  registry.Histogram("penstock_wait_seconds", "Wait.", {0.1, 1}).Observe(0.5);
  std::string text = registry.Expose();
  CHECK(Has(text, "# HELP penstock_runs_total Runs."));
  CHECK(Has(text, "# TYPE penstock_runs_total counter"));
  CHECK(Has(text, "penstock_runs_total{outcome=\"ok\"} 3"));
  CHECK(Has(text, "penstock_queue_length 7"));
  CHECK(Has(text, "penstock_wait_seconds_bucket{le=\"0.1\"} 0"));
  CHECK(Has(text, "penstock_wait_seconds_bucket{le=\"1\"} 1"));
}

TEST_CASE("the same name and labels are the same metric") {
  Registry registry;
  registry.Counter("penstock_x_total", "X.").Increment();
  registry.Counter("penstock_x_total", "X.").Increment();
  CHECK(registry.Counter("penstock_x_total", "X.").value() == 2);
}

TEST_CASE("a collector runs before each exposition until its handle goes") {
  Registry registry;
  int runs = 0;
  auto handle = registry.AddCollector([&] { ++runs; });
  registry.Expose();
  registry.Expose();
  CHECK(runs == 2);
  handle.reset();
  registry.Expose();
  CHECK(runs == 2);
}

TEST_CASE("a collector's handle may outlive the registry") {
  Registry::CollectorHandle handle;
  {
    Registry registry;
    handle = registry.AddCollector([] {});
  }
  handle.reset();
}

TEST_CASE("the process is described") {
  Registry registry;
  auto handle = ExportProcessMetrics(registry);
  std::string text = registry.Expose();
  for (const char* name :
       {"penstock_process_resident_memory_bytes", "penstock_process_cpu_seconds_total",
        "penstock_process_open_fds", "penstock_process_threads"}) {
    CAPTURE(name);
    CHECK(Has(text, std::string("\n") + name + " "));
    CHECK_FALSE(Has(text, std::string("\n") + name + " 0\n"));
  }
}

}  // namespace
}  // namespace penstock::metrics

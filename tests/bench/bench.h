// What every scenario works with: a running deployment with the workflows published, and how a load
// is measured.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "tests/bench/cost.h"
#include "tests/bench/figure.h"
#include "tests/bench/load.h"
#include "tests/bench/options.h"
#include "tests/bench/report.h"
#include "tests/harness/deployment.h"

namespace penstock::bench {

class Bench {
 public:
  static absl::StatusOr<std::unique_ptr<Bench>> Create(const Options& options, Report& report);

  const Options& options() const { return options_; }
  harness::Deployment& deployment() { return *deployment_; }
  CostMeter& meter() { return meter_; }
  bool Wants(const std::string& scenario) const;

  // Publishes a workflow (JSON) once and returns its id.
  absl::StatusOr<std::string> Publish(const std::string& json);

  // A load that runs for so long.
  using Load = std::function<absl::StatusOr<LoadResult>(absl::Duration)>;

  // Runs `load` once: what it saw, what it cost per execution, and what memory was in use near its
  // end. `steps` > 0 counts so many of them per execution in "per_second".
  absl::StatusOr<Figure> MeasureOnce(const std::string& scenario, const std::string& variant,
                                     absl::Duration duration, const Load& load, int steps = 0);

  // The median over the repeats, printed.
  absl::Status Measure(const std::string& scenario, const std::string& variant, const Load& load,
                       int steps = 0);
  absl::Status Repeat(const std::function<absl::StatusOr<Figure>()>& once);
  void Print(const Figure& figure) { report_.Print(figure); }

 private:
  Bench(const Options& options, Report& report, std::unique_ptr<harness::Deployment> deployment,
        CostMeter meter)
      : options_(options),
        report_(report),
        deployment_(std::move(deployment)),
        meter_(std::move(meter)) {}

  Options options_;
  Report& report_;
  std::unique_ptr<harness::Deployment> deployment_;
  CostMeter meter_;
  std::map<std::string, std::string> published_;  // id by JSON
};

// What the machine and the database are, for the head of the report.
absl::StatusOr<std::vector<std::pair<std::string, std::string>>> DescribeSetUp(
    harness::Deployment& deployment);

void SetLatencies(const Latencies& latencies, Figure& figure);

}  // namespace penstock::bench

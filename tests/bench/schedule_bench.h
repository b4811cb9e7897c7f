// A deployment of its own with a scheduler, so that the other scenarios are not measured beside
// one, and schedules by the thousand, written into its database.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "penstock/scheduler/v1/schedule.grpc.pb.h"
#include "tests/bench/cost.h"
#include "tests/harness/deployment.h"

namespace penstock::bench {

class ScheduleBench {
 public:
  // With the workflow of W1 published.
  static absl::StatusOr<std::unique_ptr<ScheduleBench>> Create();

  harness::Deployment& deployment() { return *deployment_; }
  CostMeter& meter() { return *meter_; }
  scheduler::v1::ScheduleService::Stub& schedules() { return *stub_; }
  // As the superuser.
  absl::StatusOr<postgres::Result> Sql(const std::string& text);
  absl::StatusOr<double> Number(const std::string& expression);

  // What schedules say: SQL that gives a spec (jsonb), and when to look first (timestamptz); both
  // may use `n`, from 0 on.
  struct Kind {
    std::string spec;
    std::string first_look;
  };
  absl::Status Store(int count, const Kind& kind);
  absl::Status DropAll();

 private:
  ScheduleBench() = default;

  std::unique_ptr<harness::Deployment> deployment_;
  std::unique_ptr<CostMeter> meter_;
  std::unique_ptr<postgres::Connection> connection_;
  std::unique_ptr<scheduler::v1::ScheduleService::Stub> stub_;
  std::string workflow_;
};

}  // namespace penstock::bench

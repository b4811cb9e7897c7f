// scheduler as a whole in this process: the real App on a real database, in front of a fake engine.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "grpcpp/grpcpp.h"
#include "libs/clock/clock.h"
#include "libs/grpc/channel.h"
#include "libs/grpc/status_conversion.h"
#include "libs/testing/postgres.h"
#include "libs/testing/tenants.h"
#include "penstock/scheduler/v1/schedule.grpc.pb.h"
#include "services/scheduler/app.h"
#include "services/scheduler/testing/fake_engine.h"

namespace penstock::scheduler::testing {

class ServiceFixture {
 public:
  // Started, with the tenants "acme" and "other" and a workflow of acme's default project.
  ServiceFixture();
  ~ServiceFixture();

  // Another workflow that can be scheduled, in a project of its own if `project` is empty.
  std::string AddWorkflow(const penstock::testing::TestTenant& tenant);
  // A key of acme that is limited to a new, empty project.
  std::string AddKeyOfOtherProject();
  void Sql(const std::string& text);
  // The one value of the one row, as text.
  std::string SqlValue(const std::string& text);

  template <typename Response, typename Request>
  absl::StatusOr<Response> Call(grpc::Status (v1::ScheduleService::Stub::*method)(
                                    grpc::ClientContext*, const Request&, Response*),
                                const Request& request, const std::string& credential = "") {
    grpc::ClientContext context;
    rpc::PrepareCall(context, credential.empty() ? acme.api_key : credential,
                     absl::Now() + absl::Seconds(30));
    Response response;
    const grpc::Status status = (stub.get()->*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return response;
  }

  // A schedule of acme's workflow, as JSON of penstock.scheduler.v1.Schedule without workflow_id.
  absl::StatusOr<v1::Schedule> Create(const std::string& json, const std::string& credential = "");
  v1::Schedule Get(const std::string& id);
  // Newest first.
  std::vector<v1::ScheduleRun> Runs(const std::string& id);
  // Waits until `enough` holds for the runs, and returns them.
  template <typename Enough>
  std::vector<v1::ScheduleRun> AwaitRuns(const std::string& id, Enough enough) {
    const absl::Time end = absl::Now() + absl::Seconds(60);
    while (true) {
      std::vector<v1::ScheduleRun> runs = Runs(id);
      if (enough(runs) || absl::Now() > end) return runs;
    }
  }

  penstock::testing::TestDatabase database;
  penstock::testing::TestTenant acme, other;
  FakeEngine engine;
  RealClock clock;
  Config config;
  std::string workflow;
  std::unique_ptr<App> app;
  std::unique_ptr<v1::ScheduleService::Stub> stub;

 private:
  std::string token_directory_;
};

}  // namespace penstock::scheduler::testing

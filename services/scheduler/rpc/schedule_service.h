// penstock.scheduler.v1.ScheduleService on the wire.
#pragma once

#include "libs/grpc/serving.h"
#include "penstock/scheduler/v1/schedule.grpc.pb.h"
#include "services/scheduler/ops/schedules.h"

namespace penstock::scheduler {

class ScheduleService final : public v1::ScheduleService::CallbackService {
 public:
  // Both outlive the service.
  ScheduleService(rpc::Serving& serving, const ScheduleContext& context)
      : serving_(serving), context_(context) {}

  grpc::ServerUnaryReactor* CreateSchedule(grpc::CallbackServerContext* context,
                                           const v1::CreateScheduleRequest* request,
                                           v1::Schedule* response) override;
  grpc::ServerUnaryReactor* GetSchedule(grpc::CallbackServerContext* context,
                                        const v1::GetScheduleRequest* request,
                                        v1::Schedule* response) override;
  grpc::ServerUnaryReactor* ListSchedules(grpc::CallbackServerContext* context,
                                          const v1::ListSchedulesRequest* request,
                                          v1::ListSchedulesResponse* response) override;
  grpc::ServerUnaryReactor* UpdateSchedule(grpc::CallbackServerContext* context,
                                           const v1::UpdateScheduleRequest* request,
                                           v1::Schedule* response) override;
  grpc::ServerUnaryReactor* DeleteSchedule(grpc::CallbackServerContext* context,
                                           const v1::DeleteScheduleRequest* request,
                                           v1::DeleteScheduleResponse* response) override;
  grpc::ServerUnaryReactor* PauseSchedule(grpc::CallbackServerContext* context,
                                          const v1::PauseScheduleRequest* request,
                                          v1::Schedule* response) override;
  grpc::ServerUnaryReactor* ResumeSchedule(grpc::CallbackServerContext* context,
                                           const v1::ResumeScheduleRequest* request,
                                           v1::Schedule* response) override;
  grpc::ServerUnaryReactor* RunSchedule(grpc::CallbackServerContext* context,
                                        const v1::RunScheduleRequest* request,
                                        v1::ScheduleRun* response) override;
  grpc::ServerUnaryReactor* BackfillSchedule(grpc::CallbackServerContext* context,
                                             const v1::BackfillScheduleRequest* request,
                                             v1::Backfill* response) override;
  grpc::ServerUnaryReactor* GetBackfill(grpc::CallbackServerContext* context,
                                        const v1::GetBackfillRequest* request,
                                        v1::Backfill* response) override;
  grpc::ServerUnaryReactor* PreviewSchedule(grpc::CallbackServerContext* context,
                                            const v1::PreviewScheduleRequest* request,
                                            v1::PreviewScheduleResponse* response) override;
  grpc::ServerUnaryReactor* ListScheduleRuns(grpc::CallbackServerContext* context,
                                             const v1::ListScheduleRunsRequest* request,
                                             v1::ListScheduleRunsResponse* response) override;

 private:
  rpc::Serving& serving_;
  const ScheduleContext& context_;
};

}  // namespace penstock::scheduler

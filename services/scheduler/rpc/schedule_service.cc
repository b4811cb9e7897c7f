#include "services/scheduler/rpc/schedule_service.h"

#include "libs/grpc/serve.h"
#include "libs/status/macros.h"
#include "services/scheduler/rpc/convert_field.h"
#include "services/scheduler/rpc/convert_schedule.h"

namespace penstock::scheduler {

using auth::CallContext;

grpc::ServerUnaryReactor* ScheduleService::CreateSchedule(grpc::CallbackServerContext* context,
                                                          const v1::CreateScheduleRequest* request,
                                                          v1::Schedule* response) {
  return rpc::Serve(
      serving_, context, "/penstock.scheduler.v1.ScheduleService/CreateSchedule", request, response,
      [this](const CallContext& caller,
             const v1::CreateScheduleRequest& request) -> absl::StatusOr<v1::Schedule> {
        ASSIGN_OR_RETURN(const NewSchedule asked, FromProto(request));
        ASSIGN_OR_RETURN(const Schedule created,
                         scheduler::CreateSchedule(context_, caller, asked));
        return ToProto(created);
      });
}

grpc::ServerUnaryReactor* ScheduleService::GetSchedule(grpc::CallbackServerContext* context,
                                                       const v1::GetScheduleRequest* request,
                                                       v1::Schedule* response) {
  return rpc::Serve(
      serving_, context, "/penstock.scheduler.v1.ScheduleService/GetSchedule", request, response,
      [this](const CallContext& caller,
             const v1::GetScheduleRequest& request) -> absl::StatusOr<v1::Schedule> {
        ASSIGN_OR_RETURN(const ScheduleId id, ParseId<ScheduleId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const Schedule schedule, scheduler::GetSchedule(context_, caller, id));
        return ToProto(schedule);
      });
}

grpc::ServerUnaryReactor* ScheduleService::ListSchedules(grpc::CallbackServerContext* context,
                                                         const v1::ListSchedulesRequest* request,
                                                         v1::ListSchedulesResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.scheduler.v1.ScheduleService/ListSchedules", request, response,
      [this](const CallContext& caller,
             const v1::ListSchedulesRequest& request) -> absl::StatusOr<v1::ListSchedulesResponse> {
        ASSIGN_OR_RETURN(const ListRequest list, FromProto(request));
        ASSIGN_OR_RETURN(const auto page, scheduler::ListSchedules(context_, caller, list));
        return ToProto(page);
      });
}

grpc::ServerUnaryReactor* ScheduleService::UpdateSchedule(grpc::CallbackServerContext* context,
                                                          const v1::UpdateScheduleRequest* request,
                                                          v1::Schedule* response) {
  return rpc::Serve(
      serving_, context, "/penstock.scheduler.v1.ScheduleService/UpdateSchedule", request, response,
      [this](const CallContext& caller,
             const v1::UpdateScheduleRequest& request) -> absl::StatusOr<v1::Schedule> {
        ASSIGN_OR_RETURN(const ScheduleChange change, FromProto(request));
        ASSIGN_OR_RETURN(const Schedule changed,
                         scheduler::UpdateSchedule(context_, caller, change));
        return ToProto(changed);
      });
}

grpc::ServerUnaryReactor* ScheduleService::DeleteSchedule(grpc::CallbackServerContext* context,
                                                          const v1::DeleteScheduleRequest* request,
                                                          v1::DeleteScheduleResponse* response) {
  return rpc::Serve(
      serving_, context, "/penstock.scheduler.v1.ScheduleService/DeleteSchedule", request, response,
      [this](const CallContext& caller, const v1::DeleteScheduleRequest& request)
          -> absl::StatusOr<v1::DeleteScheduleResponse> {
        ASSIGN_OR_RETURN(const ScheduleId id, ParseId<ScheduleId>(request.id(), "id"));
        RETURN_IF_ERROR(scheduler::DeleteSchedule(context_, caller, id));
        return v1::DeleteScheduleResponse();
      });
}

grpc::ServerUnaryReactor* ScheduleService::PauseSchedule(grpc::CallbackServerContext* context,
                                                         const v1::PauseScheduleRequest* request,
                                                         v1::Schedule* response) {
  return rpc::Serve(
      serving_, context, "/penstock.scheduler.v1.ScheduleService/PauseSchedule", request, response,
      [this](const CallContext& caller,
             const v1::PauseScheduleRequest& request) -> absl::StatusOr<v1::Schedule> {
        ASSIGN_OR_RETURN(const ScheduleId id, ParseId<ScheduleId>(request.id(), "id"));
        if (CountCharacters(request.note()) > 1000)
          return InvalidField("note", "must be at most 1000 characters");
        ASSIGN_OR_RETURN(const Schedule paused,
                         scheduler::PauseSchedule(context_, caller, id, request.note()));
        return ToProto(paused);
      });
}

grpc::ServerUnaryReactor* ScheduleService::ResumeSchedule(grpc::CallbackServerContext* context,
                                                          const v1::ResumeScheduleRequest* request,
                                                          v1::Schedule* response) {
  return rpc::Serve(
      serving_, context, "/penstock.scheduler.v1.ScheduleService/ResumeSchedule", request, response,
      [this](const CallContext& caller,
             const v1::ResumeScheduleRequest& request) -> absl::StatusOr<v1::Schedule> {
        ASSIGN_OR_RETURN(const ScheduleId id, ParseId<ScheduleId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const Schedule resumed, scheduler::ResumeSchedule(context_, caller, id));
        return ToProto(resumed);
      });
}

grpc::ServerUnaryReactor* ScheduleService::RunSchedule(grpc::CallbackServerContext* context,
                                                       const v1::RunScheduleRequest* request,
                                                       v1::ScheduleRun* response) {
  return rpc::Serve(
      serving_, context, "/penstock.scheduler.v1.ScheduleService/RunSchedule", request, response,
      [this](const CallContext& caller,
             const v1::RunScheduleRequest& request) -> absl::StatusOr<v1::ScheduleRun> {
        ASSIGN_OR_RETURN(const ScheduleId id, ParseId<ScheduleId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const std::optional<Overlap> overlap,
                         OverlapFrom(request.overlap_policy(), "overlap_policy"));
        ASSIGN_OR_RETURN(const ScheduleRun run, RunNow(context_, caller, id, overlap));
        return ToProto(run);
      });
}

grpc::ServerUnaryReactor* ScheduleService::BackfillSchedule(
    grpc::CallbackServerContext* context, const v1::BackfillScheduleRequest* request,
    v1::Backfill* response) {
  return rpc::Serve(
      serving_, context, "/penstock.scheduler.v1.ScheduleService/BackfillSchedule", request,
      response,
      [this](const CallContext& caller,
             const v1::BackfillScheduleRequest& request) -> absl::StatusOr<v1::Backfill> {
        ASSIGN_OR_RETURN(const BackfillRequest asked, FromProto(request));
        ASSIGN_OR_RETURN(const Backfill backfill, StartBackfill(context_, caller, asked));
        return ToProto(backfill);
      });
}

grpc::ServerUnaryReactor* ScheduleService::GetBackfill(grpc::CallbackServerContext* context,
                                                       const v1::GetBackfillRequest* request,
                                                       v1::Backfill* response) {
  return rpc::Serve(
      serving_, context, "/penstock.scheduler.v1.ScheduleService/GetBackfill", request, response,
      [this](const CallContext& caller,
             const v1::GetBackfillRequest& request) -> absl::StatusOr<v1::Backfill> {
        ASSIGN_OR_RETURN(const BackfillId id, ParseId<BackfillId>(request.id(), "id"));
        ASSIGN_OR_RETURN(const Backfill backfill, scheduler::GetBackfill(context_, caller, id));
        return ToProto(backfill);
      });
}

grpc::ServerUnaryReactor* ScheduleService::PreviewSchedule(
    grpc::CallbackServerContext* context, const v1::PreviewScheduleRequest* request,
    v1::PreviewScheduleResponse* response) {
  return rpc::Serve(serving_, context, "/penstock.scheduler.v1.ScheduleService/PreviewSchedule",
                    request, response,
                    [this](const CallContext& caller, const v1::PreviewScheduleRequest& request)
                        -> absl::StatusOr<v1::PreviewScheduleResponse> {
                      ASSIGN_OR_RETURN(const PreviewRequest asked, FromProto(request));
                      ASSIGN_OR_RETURN(const auto instants, Preview(context_, caller, asked));
                      return ToProto(instants);
                    });
}

grpc::ServerUnaryReactor* ScheduleService::ListScheduleRuns(
    grpc::CallbackServerContext* context, const v1::ListScheduleRunsRequest* request,
    v1::ListScheduleRunsResponse* response) {
  return rpc::Serve(serving_, context, "/penstock.scheduler.v1.ScheduleService/ListScheduleRuns",
                    request, response,
                    [this](const CallContext& caller, const v1::ListScheduleRunsRequest& request)
                        -> absl::StatusOr<v1::ListScheduleRunsResponse> {
                      ASSIGN_OR_RETURN(const ListRunsRequest list, FromProto(request));
                      ASSIGN_OR_RETURN(const auto page, ListRuns(context_, caller, list));
                      return ToProto(page);
                    });
}

}  // namespace penstock::scheduler

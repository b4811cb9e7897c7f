// Schedules, runs and backfills on the wire.
#pragma once

#include "absl/status/statusor.h"
#include "libs/paging/paging.h"
#include "penstock/scheduler/v1/schedule.pb.h"
#include "services/scheduler/ops/runs.h"
#include "services/scheduler/ops/schedules.h"

namespace penstock::scheduler {

absl::StatusOr<NewSchedule> FromProto(const v1::CreateScheduleRequest& request);
absl::StatusOr<ScheduleChange> FromProto(const v1::UpdateScheduleRequest& request);
absl::StatusOr<ListRequest> FromProto(const v1::ListSchedulesRequest& request);
absl::StatusOr<ListRunsRequest> FromProto(const v1::ListScheduleRunsRequest& request);
absl::StatusOr<BackfillRequest> FromProto(const v1::BackfillScheduleRequest& request);
absl::StatusOr<PreviewRequest> FromProto(const v1::PreviewScheduleRequest& request);
// None for the unspecified one; INVALID_ARGUMENT for a number that is no policy.
absl::StatusOr<std::optional<Overlap>> OverlapFrom(int policy, std::string_view field);

absl::StatusOr<v1::Schedule> ToProto(const Schedule& schedule);
v1::ScheduleRun ToProto(const ScheduleRun& run);
v1::Backfill ToProto(const Backfill& backfill);
absl::StatusOr<v1::ListSchedulesResponse> ToProto(const paging::Page<Schedule>& page);
v1::ListScheduleRunsResponse ToProto(const paging::Page<ScheduleRun>& page);
v1::PreviewScheduleResponse ToProto(const std::vector<PreviewedInstant>& instants);

}  // namespace penstock::scheduler

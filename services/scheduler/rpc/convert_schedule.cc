#include "services/scheduler/rpc/convert_schedule.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "libs/json/proto_json.h"
#include "libs/recurrence/spec_json.h"
#include "libs/status/macros.h"
#include "services/scheduler/domain/decision.h"
#include "services/scheduler/rpc/convert_field.h"
#include "services/scheduler/rpc/convert_spec.h"

namespace penstock::scheduler {
namespace {

constexpr size_t kMaxNameCharacters = 100;
constexpr size_t kMaxDataBytes = 64 << 10;
constexpr size_t kMaxMetadataBytes = 32 << 10;
constexpr int kMaxRuns = 1'000'000'000;
constexpr int kDefaultPreview = 10;
constexpr int kMaxPreview = 1000;
constexpr absl::Duration kMaxWindow = absl::Hours(24 * 3660);

constexpr std::string_view kChangeable[] = {
    "name",           "spec", "overlap_policy", "catch_up", "catch_up_window", "pause_on_failure",
    "remaining_runs", "data", "metadata"};

absl::Status CheckName(const std::string& name) {
  if (CountCharacters(name) <= kMaxNameCharacters) return absl::OkStatus();
  return InvalidField("schedule.name", "must be at most 100 characters");
}

absl::StatusOr<std::string> DataFrom(const v1::Schedule& schedule) {
  ASSIGN_OR_RETURN(std::string data, json::FromProto(schedule.data()));
  if (data.size() > kMaxDataBytes) return InvalidField("schedule.data", "must be at most 64 KiB");
  return data;
}

absl::StatusOr<std::string> MetadataFrom(const v1::Schedule& schedule) {
  ASSIGN_OR_RETURN(std::string metadata, json::FromProto(schedule.metadata()));
  if (metadata.size() <= kMaxMetadataBytes) return metadata;
  return InvalidField("schedule.metadata", "must be at most 32 KiB");
}

absl::StatusOr<ScheduleChange::Catching> CatchUpFrom(const v1::Schedule& schedule) {
  ScheduleChange::Catching catching;
  if (!v1::CatchUpMode_IsValid(schedule.catch_up())) {
    return InvalidField("schedule.catch_up", "is not a mode");
  }
  if (schedule.catch_up() != v1::CATCH_UP_MODE_UNSPECIFIED) {
    catching.mode = static_cast<CatchUp>(schedule.catch_up() - 1);
  }
  const bool has_window = schedule.has_catch_up_window();
  if (has_window != (catching.mode == CatchUp::kWindow)) {
    return InvalidField("schedule.catch_up_window", has_window ? "goes with the mode WINDOW only"
                                                               : "is required for the mode WINDOW");
  }
  if (!has_window) return catching;
  ASSIGN_OR_RETURN(catching.window,
                   DurationFrom(schedule.catch_up_window(), "schedule.catch_up_window"));
  if (*catching.window < kInTime || *catching.window > kMaxWindow) {
    return InvalidField("schedule.catch_up_window", "must be between 10 seconds and ten years");
  }
  return catching;
}

absl::StatusOr<std::optional<int>> RemainingFrom(const v1::Schedule& schedule) {
  if (!schedule.has_remaining_runs()) return std::optional<int>();
  if (schedule.remaining_runs() >= 1 && schedule.remaining_runs() <= kMaxRuns) {
    return std::optional<int>(schedule.remaining_runs());
  }
  return InvalidField("schedule.remaining_runs",
                      "must be at least 1; without it there is no limit");
}

using FieldNames = std::set<std::string, std::less<>>;

// The fields that the mask names; without one those that are not empty.
absl::StatusOr<FieldNames> FieldsToChange(const v1::UpdateScheduleRequest& request) {
  FieldNames fields;
  const v1::Schedule& schedule = request.schedule();
  if (request.update_mask().paths().empty()) {
    const google::protobuf::Reflection& reflection = *schedule.GetReflection();
    for (const std::string_view name : kChangeable) {
      const auto* field = schedule.GetDescriptor()->FindFieldByName(std::string(name));
      if (reflection.HasField(schedule, field)) fields.insert(std::string(name));
    }
  }
  for (const std::string& path : request.update_mask().paths()) {
    if (path == "*") {
      fields.insert(std::begin(kChangeable), std::end(kChangeable));
    } else if (std::ranges::find(kChangeable, path) != std::end(kChangeable)) {
      fields.insert(path);
    } else {
      return InvalidField("update_mask", fmt::format("\"{}\" can't be changed", path));
    }
  }
  if (fields.empty()) return InvalidField("update_mask", "names nothing to change");
  return fields;
}

void SetOptional(const std::optional<absl::Time>& time,
                 google::protobuf::Timestamp* (v1::ScheduleRun::*field)(), v1::ScheduleRun& proto) {
  if (time) SetTime(*time, *(proto.*field)());
}

}  // namespace

absl::StatusOr<std::optional<Overlap>> OverlapFrom(int policy, std::string_view field) {
  if (!v1::OverlapPolicy_IsValid(policy)) return InvalidField(field, "is not a policy");
  if (policy == v1::OVERLAP_POLICY_UNSPECIFIED) return std::optional<Overlap>();
  return std::optional(static_cast<Overlap>(policy - 1));
}

absl::StatusOr<NewSchedule> FromProto(const v1::CreateScheduleRequest& request) {
  const v1::Schedule& schedule = request.schedule();
  NewSchedule result;
  ASSIGN_OR_RETURN(result.workflow,
                   ParseId<WorkflowId>(schedule.workflow_id(), "schedule.workflow_id"));
  RETURN_IF_ERROR(CheckName(schedule.name()));
  result.name = schedule.name();
  ASSIGN_OR_RETURN(result.spec, FromProto(schedule.spec(), "schedule.spec"));
  ASSIGN_OR_RETURN(const std::optional<Overlap> overlap,
                   OverlapFrom(schedule.overlap_policy(), "schedule.overlap_policy"));
  result.overlap = overlap.value_or(Overlap::kSkip);
  ASSIGN_OR_RETURN(const ScheduleChange::Catching catching, CatchUpFrom(schedule));
  result.catch_up = catching.mode;
  result.catch_up_window = catching.window;
  result.pause_on_failure = schedule.pause_on_failure();
  ASSIGN_OR_RETURN(result.remaining_runs, RemainingFrom(schedule));
  ASSIGN_OR_RETURN(result.data, DataFrom(schedule));
  ASSIGN_OR_RETURN(result.metadata, MetadataFrom(schedule));
  if (CountCharacters(request.request_id()) > 255) {
    return InvalidField("request_id", "must be at most 255 characters");
  }
  result.request_id = request.request_id();
  return result;
}

absl::StatusOr<ScheduleChange> FromProto(const v1::UpdateScheduleRequest& request) {
  const v1::Schedule& schedule = request.schedule();
  ScheduleChange change;
  ASSIGN_OR_RETURN(change.id, ParseId<ScheduleId>(schedule.id(), "schedule.id"));
  change.etag = schedule.etag();
  ASSIGN_OR_RETURN(const FieldNames fields, FieldsToChange(request));
  if (fields.contains("name")) {
    RETURN_IF_ERROR(CheckName(schedule.name()));
    change.name = schedule.name();
  }
  if (fields.contains("spec")) {
    ASSIGN_OR_RETURN(change.spec, FromProto(schedule.spec(), "schedule.spec"));
  }
  if (fields.contains("overlap_policy")) {
    ASSIGN_OR_RETURN(const std::optional<Overlap> overlap,
                     OverlapFrom(schedule.overlap_policy(), "schedule.overlap_policy"));
    change.overlap = overlap.value_or(Overlap::kSkip);
  }
  if (fields.contains("catch_up") || fields.contains("catch_up_window")) {
    ASSIGN_OR_RETURN(change.catch_up, CatchUpFrom(schedule));
  }
  if (fields.contains("pause_on_failure")) change.pause_on_failure = schedule.pause_on_failure();
  if (fields.contains("remaining_runs")) {
    change.limit.emplace();
    ASSIGN_OR_RETURN(change.limit->runs, RemainingFrom(schedule));
  }
  if (fields.contains("data")) {
    ASSIGN_OR_RETURN(change.data, DataFrom(schedule));
  }
  if (fields.contains("metadata")) {
    ASSIGN_OR_RETURN(change.metadata, MetadataFrom(schedule));
  }
  return change;
}

absl::StatusOr<ListRequest> FromProto(const v1::ListSchedulesRequest& request) {
  ListRequest list{.page_size = request.page_size(), .page_token = request.page_token()};
  if (!request.workflow_id().empty()) {
    ASSIGN_OR_RETURN(list.workflow, ParseId<WorkflowId>(request.workflow_id(), "workflow_id"));
  }
  if (!v1::ScheduleStatus_IsValid(request.status())) {
    return InvalidField("status", "is not a status");
  }
  if (request.status() != v1::SCHEDULE_STATUS_UNSPECIFIED) {
    list.status = static_cast<Status>(request.status() - 1);
  }
  return list;
}

absl::StatusOr<ListRunsRequest> FromProto(const v1::ListScheduleRunsRequest& request) {
  ListRunsRequest list{.page_size = request.page_size(), .page_token = request.page_token()};
  ASSIGN_OR_RETURN(list.schedule, ParseId<ScheduleId>(request.schedule_id(), "schedule_id"));
  if (!v1::RunState_IsValid(request.state())) return InvalidField("state", "is not a state");
  if (request.state() != v1::RUN_STATE_UNSPECIFIED) {
    list.state = static_cast<RunState>(request.state() - 1);
  }
  return list;
}

absl::StatusOr<BackfillRequest> FromProto(const v1::BackfillScheduleRequest& request) {
  BackfillRequest result;
  ASSIGN_OR_RETURN(result.schedule, ParseId<ScheduleId>(request.id(), "id"));
  if (!request.has_start_time()) return InvalidField("start_time", "is required");
  if (!request.has_end_time()) return InvalidField("end_time", "is required");
  ASSIGN_OR_RETURN(result.start, TimeFrom(request.start_time(), "start_time"));
  ASSIGN_OR_RETURN(result.end, TimeFrom(request.end_time(), "end_time"));
  ASSIGN_OR_RETURN(const std::optional<Overlap> overlap,
                   OverlapFrom(request.overlap_policy(), "overlap_policy"));
  result.overlap = overlap.value_or(Overlap::kBufferAll);
  return result;
}

absl::StatusOr<PreviewRequest> FromProto(const v1::PreviewScheduleRequest& request) {
  PreviewRequest result;
  if (request.id().empty() == !request.has_spec()) {
    return InvalidField("spec", "either id or spec is required, and not both");
  }
  if (request.has_spec()) {
    ASSIGN_OR_RETURN(result.spec, FromProto(request.spec(), "spec"));
  } else {
    ASSIGN_OR_RETURN(result.schedule, ParseId<ScheduleId>(request.id(), "id"));
  }
  if (request.count() < 0 || request.count() > kMaxPreview) {
    return InvalidField("count", "must be between 0 and 1000");
  }
  result.count = request.count() == 0 ? kDefaultPreview : request.count();
  if (request.has_after_time()) {
    ASSIGN_OR_RETURN(result.after, TimeFrom(request.after_time(), "after_time"));
  }
  return result;
}

absl::StatusOr<v1::Schedule> ToProto(const Schedule& schedule) {
  v1::Schedule proto;
  proto.set_id(schedule.id.ToString());
  proto.set_workflow_id(schedule.workflow.ToString());
  proto.set_node_id(schedule.node_id);
  proto.set_name(schedule.name);
  const auto json = nlohmann::json::parse(schedule.spec, nullptr, /*allow_exceptions=*/false);
  // A spec that can't be read any more pauses its schedule, which is shown all the same.
  if (const auto spec = recurrence::SpecFromJson(json); spec.ok()) {
    ToProto(*spec, *proto.mutable_spec());
  }
  proto.set_overlap_policy(static_cast<v1::OverlapPolicy>(static_cast<int>(schedule.overlap) + 1));
  proto.set_catch_up(static_cast<v1::CatchUpMode>(static_cast<int>(schedule.catch_up) + 1));
  if (schedule.catch_up_window) {
    SetDuration(*schedule.catch_up_window, *proto.mutable_catch_up_window());
  }
  proto.set_pause_on_failure(schedule.pause_on_failure);
  if (schedule.remaining_runs) proto.set_remaining_runs(*schedule.remaining_runs);
  if (!json::ToProto(schedule.data, *proto.mutable_data()).ok() ||
      !json::ToProto(schedule.metadata, *proto.mutable_metadata()).ok()) {
    return absl::InternalError("stored data or metadata can't be read");
  }
  proto.set_status(static_cast<v1::ScheduleStatus>(static_cast<int>(schedule.status) + 1));
  proto.set_paused_by(schedule.paused_by);
  proto.set_note(schedule.note);
  if (schedule.last_run) SetTime(*schedule.last_run, *proto.mutable_last_run_time());
  if (schedule.next_nominal) {
    SetTime(*schedule.next_nominal, *proto.mutable_next_nominal_time());
  }
  if (schedule.next_run) SetTime(*schedule.next_run, *proto.mutable_next_run_time());
  proto.set_etag(EtagOf(schedule));
  SetTime(schedule.created_at, *proto.mutable_create_time());
  SetTime(schedule.updated_at, *proto.mutable_update_time());
  return proto;
}

v1::ScheduleRun ToProto(const ScheduleRun& run) {
  v1::ScheduleRun proto;
  proto.set_schedule_id(run.schedule.ToString());
  SetTime(run.nominal, *proto.mutable_nominal_time());
  proto.set_origin(static_cast<v1::RunOrigin>(static_cast<int>(run.origin) + 1));
  proto.set_state(static_cast<v1::RunState>(static_cast<int>(run.state) + 1));
  proto.set_reason(run.reason);
  proto.set_note(run.note);
  SetTime(run.last_nominal, *proto.mutable_last_nominal_time());
  proto.set_instants(run.instants);
  SetTime(run.due, *proto.mutable_due_time());
  SetOptional(run.started_at, &v1::ScheduleRun::mutable_start_time, proto);
  SetOptional(run.ended_at, &v1::ScheduleRun::mutable_end_time, proto);
  if (run.execution) proto.set_execution_id(run.execution->ToString());
  return proto;
}

v1::Backfill ToProto(const Backfill& backfill) {
  v1::Backfill proto;
  proto.set_id(backfill.id.ToString());
  proto.set_schedule_id(backfill.schedule.ToString());
  SetTime(backfill.start, *proto.mutable_start_time());
  SetTime(backfill.end, *proto.mutable_end_time());
  proto.set_overlap_policy(static_cast<v1::OverlapPolicy>(static_cast<int>(backfill.overlap) + 1));
  proto.set_state(backfill.is_completed ? v1::BACKFILL_STATE_COMPLETED
                                        : v1::BACKFILL_STATE_RUNNING);
  proto.set_total_instants(backfill.total);
  proto.set_run_instants(backfill.run);
  proto.set_earlier_instants(backfill.earlier);
  SetTime(backfill.done_until, *proto.mutable_done_until_time());
  return proto;
}

absl::StatusOr<v1::ListSchedulesResponse> ToProto(const paging::Page<Schedule>& page) {
  v1::ListSchedulesResponse proto;
  for (const Schedule& schedule : page.items) {
    ASSIGN_OR_RETURN(*proto.add_schedules(), ToProto(schedule));
  }
  proto.set_next_page_token(page.next_page_token);
  proto.set_total_size(page.total_size);
  return proto;
}

v1::ListScheduleRunsResponse ToProto(const paging::Page<ScheduleRun>& page) {
  v1::ListScheduleRunsResponse proto;
  for (const ScheduleRun& run : page.items) *proto.add_runs() = ToProto(run);
  proto.set_next_page_token(page.next_page_token);
  proto.set_total_size(page.total_size);
  return proto;
}

v1::PreviewScheduleResponse ToProto(const std::vector<PreviewedInstant>& instants) {
  v1::PreviewScheduleResponse proto;
  for (const PreviewedInstant& instant : instants) {
    v1::PreviewScheduleResponse::Instant& added = *proto.add_instants();
    SetTime(instant.nominal, *added.mutable_nominal_time());
    added.set_local_time(instant.local);
    if (instant.due) SetTime(*instant.due, *added.mutable_due_time());
  }
  return proto;
}

}  // namespace penstock::scheduler

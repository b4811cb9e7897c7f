#include "services/workflow_engine/rpc/convert_workflow.h"

#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "libs/json/proto_json.h"
#include "libs/request/fields.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/workflow_engine/rpc/convert_definition.h"

namespace penstock::workflow_engine {
namespace {

namespace v1 = workflow::v1;

constexpr std::pair<WorkflowStatus, v1::WorkflowStatus> kStatuses[] = {
    {WorkflowStatus::kDraft, v1::WORKFLOW_STATUS_DRAFT},
    {WorkflowStatus::kActive, v1::WORKFLOW_STATUS_ACTIVE},
    {WorkflowStatus::kPaused, v1::WORKFLOW_STATUS_PAUSED},
    {WorkflowStatus::kArchived, v1::WORKFLOW_STATUS_ARCHIVED},
};

v1::WorkflowStatus ToProto(WorkflowStatus status) {
  for (const auto& [ours, wire] : kStatuses) {
    if (ours == status) return wire;
  }
  return v1::WORKFLOW_STATUS_UNSPECIFIED;
}

absl::StatusOr<std::optional<WorkflowStatus>> FromProto(v1::WorkflowStatus status) {
  if (status == v1::WORKFLOW_STATUS_UNSPECIFIED) return std::nullopt;
  for (const auto& [ours, wire] : kStatuses) {
    if (wire == status) return ours;
  }
  return InvalidField("status", "is not a status of workflows");
}

absl::Status CheckTenant(const auth::CallContext& caller, const v1::Workflow& workflow) {
  if (workflow.tenant_id().empty() || TenantId::Parse(workflow.tenant_id()) == caller.tenant) {
    return absl::OkStatus();
  }
  return InvalidField("workflow.tenant_id", "must be the caller's own tenant, or left out");
}

std::vector<std::string> TagsOf(const v1::Workflow& workflow) {
  return {workflow.tags().begin(), workflow.tags().end()};
}

// What people read, under its name or its older one.
const std::string& DisplayNameOf(const v1::Workflow& workflow) {
  return workflow.service_display_name().empty() ? workflow.display_name()
                                                 : workflow.service_display_name();
}

// The fields to change: those of the mask, or without one all that are set.
absl::StatusOr<std::set<std::string, std::less<>>> FieldsToChange(
    const v1::UpdateWorkflowRequest& request) {
  static constexpr std::string_view kChangeable[] = {
      "name", "description", "service_display_name", "display_name", "definition", "tags"};
  const v1::Workflow& workflow = request.workflow();
  std::set<std::string, std::less<>> fields;
  std::vector<FieldViolation> violations;
  for (const std::string& path : request.update_mask().paths()) {
    if (path == "*") {
      fields.insert(std::begin(kChangeable), std::end(kChangeable));
    } else if (std::find(std::begin(kChangeable), std::end(kChangeable), path) !=
               std::end(kChangeable)) {
      fields.insert(path);
    } else {
      violations.push_back(
          {"update_mask", fmt::format("\"{}\" can't be updated; these can: name, description, "
                                      "service_display_name, definition, tags",
                                      path)});
    }
  }
  if (!violations.empty()) return BadRequest(violations);
  if (request.update_mask().paths().empty()) {
    if (!workflow.name().empty()) fields.insert("name");
    if (!workflow.description().empty()) fields.insert("description");
    if (!DisplayNameOf(workflow).empty()) fields.insert("service_display_name");
    if (workflow.has_definition()) fields.insert("definition");
    if (workflow.tags_size() > 0) fields.insert("tags");
  }
  return fields;
}

}  // namespace

absl::StatusOr<WorkflowId> ParseWorkflowId(const std::string& text, const std::string& field) {
  const std::optional<WorkflowId> id = WorkflowId::Parse(text);
  if (!id) return InvalidField(field, "must be a UUID");
  return *id;
}

absl::StatusOr<std::optional<ProjectId>> ParseProjectId(const std::string& text,
                                                        const std::string& field) {
  if (text.empty()) return std::nullopt;
  const std::optional<ProjectId> id = ProjectId::Parse(text);
  if (!id) return InvalidField(field, "must be a UUID");
  return id;
}

absl::StatusOr<CreateCommand> FromProto(const auth::CallContext& caller,
                                        const v1::CreateWorkflowRequest& request) {
  if (!request.has_workflow()) return InvalidField("workflow", "is required");
  const v1::Workflow& workflow = request.workflow();
  RETURN_IF_ERROR(CheckTenant(caller, workflow));
  CreateCommand command;
  ASSIGN_OR_RETURN(command.project, ParseProjectId(workflow.project_id(), "workflow.project_id"));
  ASSIGN_OR_RETURN(command.draft.definition,
                   FromProto(workflow.definition(), "workflow.definition"));
  command.draft.name = workflow.name();
  command.draft.description = workflow.description();
  command.draft.service_display_name = DisplayNameOf(workflow);
  command.draft.tags = TagsOf(workflow);
  command.request_id = request.request_id();
  return command;
}

absl::StatusOr<UpdateCommand> FromProto(const auth::CallContext& caller,
                                        const v1::UpdateWorkflowRequest& request) {
  if (!request.has_workflow()) return InvalidField("workflow", "is required");
  const v1::Workflow& workflow = request.workflow();
  RETURN_IF_ERROR(CheckTenant(caller, workflow));
  UpdateCommand command;
  ASSIGN_OR_RETURN(command.id, ParseWorkflowId(workflow.id(), "workflow.id"));
  command.etag = workflow.etag();
  ASSIGN_OR_RETURN(const auto fields, FieldsToChange(request));
  if (fields.contains("name")) command.name = workflow.name();
  if (fields.contains("description")) command.description = workflow.description();
  if (fields.contains("service_display_name")) {
    command.service_display_name = DisplayNameOf(workflow);
  } else if (fields.contains("display_name")) {
    command.service_display_name = workflow.display_name();
  }
  if (fields.contains("tags")) command.tags = TagsOf(workflow);
  if (fields.contains("definition")) {
    ASSIGN_OR_RETURN(command.definition, FromProto(workflow.definition(), "workflow.definition"));
  }
  return command;
}

absl::StatusOr<WorkflowQuery> FromProto(const v1::ListWorkflowsRequest& request) {
  WorkflowQuery query;
  query.page_size = request.page_size();
  query.page_token = request.page_token();
  ASSIGN_OR_RETURN(query.filter.status, FromProto(request.status()));
  ASSIGN_OR_RETURN(query.filter.project, ParseProjectId(request.project_id(), "project_id"));
  if (!request.tag().empty()) query.filter.tag = request.tag();
  if (!request.text().empty()) query.filter.text = request.text();
  return query;
}

namespace {

v1::Workflow WithoutDefinition(const Workflow& workflow) {
  v1::Workflow proto;
  proto.set_id(workflow.id.ToString());
  proto.set_tenant_id(workflow.tenant.ToString());
  proto.set_project_id(workflow.project.ToString());
  proto.set_name(workflow.draft.name);
  proto.set_description(workflow.draft.description);
  proto.set_service_display_name(workflow.draft.service_display_name);
  proto.set_display_name(workflow.draft.service_display_name);
  proto.set_status(ToProto(workflow.status));
  proto.set_version(workflow.version);
  for (const std::string& tag : workflow.draft.tags) proto.add_tags(tag);
  SetTime(workflow.created, *proto.mutable_create_time());
  SetTime(workflow.updated, *proto.mutable_update_time());
  proto.set_etag(EtagOf(workflow));
  return proto;
}

v1::WorkflowVersion WithoutDefinition(const WorkflowVersion& version) {
  v1::WorkflowVersion proto;
  proto.set_workflow_id(version.workflow.ToString());
  proto.set_version(version.version);
  SetTime(version.published, *proto.mutable_publish_time());
  return proto;
}

}  // namespace

absl::StatusOr<v1::Workflow> ToProto(const Workflow& workflow) {
  v1::Workflow proto = WithoutDefinition(workflow);
  RETURN_IF_ERROR(ToProto(workflow.draft.definition, *proto.mutable_definition()));
  return proto;
}

absl::StatusOr<v1::ListWorkflowsResponse> ToProto(const WorkflowPage& page) {
  v1::ListWorkflowsResponse proto;
  for (const Workflow& workflow : page.items) *proto.add_workflows() = WithoutDefinition(workflow);
  proto.set_next_page_token(page.next_page_token);
  proto.set_total_size(page.total_size);
  return proto;
}

absl::StatusOr<v1::WorkflowVersion> ToProto(const WorkflowVersion& version) {
  v1::WorkflowVersion proto = WithoutDefinition(version);
  RETURN_IF_ERROR(ToProto(version.definition, *proto.mutable_definition()));
  return proto;
}

absl::StatusOr<v1::ListWorkflowVersionsResponse> ToProto(const VersionPage& page) {
  v1::ListWorkflowVersionsResponse proto;
  for (const WorkflowVersion& version : page.items) {
    *proto.add_versions() = WithoutDefinition(version);
  }
  proto.set_next_page_token(page.next_page_token);
  proto.set_total_size(page.total_size);
  return proto;
}

v1::ValidateWorkflowResponse ToProto(const std::vector<Problem>& problems) {
  v1::ValidateWorkflowResponse proto;
  proto.set_valid(problems.empty());
  for (const Problem& problem : problems) {
    v1::Problem& added = *proto.add_problems();
    added.set_node_id(problem.node_id);
    added.set_field(problem.field);
    added.set_description(problem.description);
  }
  return proto;
}

absl::StatusOr<v1::ListNodeTypesResponse> ToProto(const NodeTypes& types) {
  v1::ListNodeTypesResponse proto;
  for (const auto& type : types.all()) {
    v1::NodeType& added = *proto.add_node_types();
    added.set_name(std::string(type->name()));
    added.set_description(std::string(type->description()));
    RETURN_IF_ERROR(json::ToProto(type->config_schema().dump(), *added.mutable_config_schema()));
  }
  return proto;
}

}  // namespace penstock::workflow_engine

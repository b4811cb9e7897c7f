#include "services/interfaces/rpc/convert_project.h"

#include <string_view>
#include <utility>

#include "libs/request/caller.h"
#include "libs/request/fields.h"
#include "libs/status/macros.h"

namespace penstock::interfaces {
namespace {

namespace v1 = tenancy::v1;

constexpr std::string_view kChangeable[] = {"name", "description", "is_default"};

}  // namespace

absl::StatusOr<NewProject> FromProto(const auth::CallContext& caller,
                                     const v1::CreateProjectRequest& request) {
  const v1::Project& project = request.project();
  RETURN_IF_ERROR(CheckTenantId(caller, project.tenant_id(), "project.tenant_id"));
  if (project.is_default()) {
    return InvalidField("project.is_default", "is set by UpdateProject");
  }
  return NewProject{project.name(), project.description()};
}

absl::StatusOr<ProjectChange> FromProto(const auth::CallContext& caller,
                                        const v1::UpdateProjectRequest& request) {
  const v1::Project& project = request.project();
  RETURN_IF_ERROR(CheckTenantId(caller, project.tenant_id(), "project.tenant_id"));
  ProjectChange change;
  ASSIGN_OR_RETURN(change.id, ParseId<ProjectId>(project.id(), "project.id"));
  FieldNames set;
  if (!project.name().empty()) set.insert("name");
  if (!project.description().empty()) set.insert("description");
  if (project.is_default()) set.insert("is_default");
  ASSIGN_OR_RETURN(const FieldNames fields,
                   FieldsToChange(request.update_mask(), kChangeable, std::move(set)));
  if (fields.contains("name")) change.name = project.name();
  if (fields.contains("description")) change.description = project.description();
  if (fields.contains("is_default")) change.is_default = project.is_default();
  return change;
}

v1::Project ToProto(const Project& project) {
  v1::Project proto;
  proto.set_id(project.id.ToString());
  proto.set_tenant_id(project.tenant.ToString());
  proto.set_name(project.name);
  proto.set_description(project.description);
  proto.set_is_default(project.is_default);
  SetTime(project.created_at, *proto.mutable_create_time());
  SetTime(project.updated_at, *proto.mutable_update_time());
  return proto;
}

v1::ListProjectsResponse ToProto(const paging::Page<Project>& page) {
  v1::ListProjectsResponse proto;
  for (const Project& project : page.items) *proto.add_projects() = ToProto(project);
  proto.set_next_page_token(page.next_page_token);
  proto.set_total_size(page.total_size);
  return proto;
}

}  // namespace penstock::interfaces

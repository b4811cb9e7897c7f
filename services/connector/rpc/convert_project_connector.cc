#include "services/connector/rpc/convert_project_connector.h"

#include <string_view>

#include "libs/json/proto_json.h"
#include "libs/request/caller.h"
#include "libs/request/fields.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::connector {
namespace {

constexpr std::string_view kChangeable[] = {"display_name", "description", "visibility",
                                            "auth_config"};

// None for UNSPECIFIED.
absl::StatusOr<std::optional<Visibility>> VisibilityFrom(int visibility, std::string_view field) {
  switch (visibility) {
    case v1::PROJECT_CONNECTOR_VISIBILITY_UNSPECIFIED:
      return std::optional<Visibility>();
    case v1::PROJECT_CONNECTOR_VISIBILITY_PRIVATE:
      return std::optional(Visibility::kPrivate);
    case v1::PROJECT_CONNECTOR_VISIBILITY_ORGANIZATION:
      return std::optional(Visibility::kOrganization);
    case v1::PROJECT_CONNECTOR_VISIBILITY_PUBLIC:
      return std::optional(Visibility::kPublic);
    default:
      return InvalidField(field, "is none that is known");
  }
}

v1::ProjectConnectorVisibility VisibilityOf(Visibility visibility) {
  switch (visibility) {
    case Visibility::kPrivate:
      return v1::PROJECT_CONNECTOR_VISIBILITY_PRIVATE;
    case Visibility::kOrganization:
      return v1::PROJECT_CONNECTOR_VISIBILITY_ORGANIZATION;
    case Visibility::kPublic:
      return v1::PROJECT_CONNECTOR_VISIBILITY_PUBLIC;
  }
  return v1::PROJECT_CONNECTOR_VISIBILITY_UNSPECIFIED;
}

// What may change.
absl::StatusOr<ProjectConnector> ConfigFrom(const auth::CallContext& caller,
                                            const v1::ProjectConnector& proto) {
  RETURN_IF_ERROR(CheckTenantId(caller, proto.tenant_id(), "project_connector.tenant_id"));
  ProjectConnector link;
  link.display_name = proto.display_name();
  link.description = proto.description();
  ASSIGN_OR_RETURN(const auto visibility,
                   VisibilityFrom(proto.visibility(), "project_connector.visibility"));
  link.visibility = visibility.value_or(Visibility::kPrivate);
  if (proto.has_auth_config()) {
    absl::StatusOr<std::string> config = json::FromProto(proto.auth_config());
    if (!config.ok()) {
      return InvalidField("project_connector.auth_config", std::string(config.status().message()));
    }
    link.auth_config = *std::move(config);
  }
  return link;
}

FieldNames SetIn(const v1::ProjectConnector& proto) {
  FieldNames set;
  if (!proto.display_name().empty()) set.insert("display_name");
  if (!proto.description().empty()) set.insert("description");
  if (proto.visibility() != v1::PROJECT_CONNECTOR_VISIBILITY_UNSPECIFIED) set.insert("visibility");
  if (proto.has_auth_config()) set.insert("auth_config");
  return set;
}

}  // namespace

absl::StatusOr<ProjectConnector> FromProto(const auth::CallContext& caller,
                                           const v1::CreateProjectConnectorRequest& request) {
  const v1::ProjectConnector& proto = request.project_connector();
  ASSIGN_OR_RETURN(ProjectConnector link, ConfigFrom(caller, proto));
  ASSIGN_OR_RETURN(link.source_project, ParseId<ProjectId>(proto.source_project_id(),
                                                           "project_connector.source_project_id"));
  ASSIGN_OR_RETURN(link.target_project, ParseId<ProjectId>(proto.target_project_id(),
                                                           "project_connector.target_project_id"));
  ASSIGN_OR_RETURN(link.target_service, ParseId<WorkflowId>(proto.target_service_id(),
                                                            "project_connector.target_service_id"));
  ASSIGN_OR_RETURN(
      link.target_interface,
      ParseId<InterfaceId>(proto.target_interface_id(), "project_connector.target_interface_id"));
  link.name = proto.name();
  return link;
}

absl::StatusOr<ProjectConnectorQuery> FromProto(const v1::ListProjectConnectorsRequest& request) {
  ProjectConnectorQuery query{.page_size = request.page_size(), .page_token = request.page_token()};
  ASSIGN_OR_RETURN(query.filter.source_project,
                   ParseOptionalId<ProjectId>(request.source_project_id(), "source_project_id"));
  ASSIGN_OR_RETURN(query.filter.target_project,
                   ParseOptionalId<ProjectId>(request.target_project_id(), "target_project_id"));
  ASSIGN_OR_RETURN(query.filter.target_service,
                   ParseOptionalId<WorkflowId>(request.target_service_id(), "target_service_id"));
  ASSIGN_OR_RETURN(query.filter.visibility, VisibilityFrom(request.visibility(), "visibility"));
  return query;
}

absl::StatusOr<ProjectConnectorChange> FromProto(const auth::CallContext& caller,
                                                 const v1::UpdateProjectConnectorRequest& request) {
  const v1::ProjectConnector& proto = request.project_connector();
  ProjectConnectorChange change;
  ASSIGN_OR_RETURN(change.link, ConfigFrom(caller, proto));
  ASSIGN_OR_RETURN(change.link.id, ParseId<ProjectConnectorId>(proto.id(), "project_connector.id"));
  ASSIGN_OR_RETURN(change.fields, FieldsToChange(request.update_mask(), kChangeable, SetIn(proto)));
  // A mask says what is meant; without one everything that is set is.
  if (request.update_mask().paths_size() > 0) return change;
  ASSIGN_OR_RETURN(
      change.source_project,
      ParseOptionalId<ProjectId>(proto.source_project_id(), "project_connector.source_project_id"));
  ASSIGN_OR_RETURN(
      change.target_project,
      ParseOptionalId<ProjectId>(proto.target_project_id(), "project_connector.target_project_id"));
  ASSIGN_OR_RETURN(change.target_service,
                   ParseOptionalId<WorkflowId>(proto.target_service_id(),
                                               "project_connector.target_service_id"));
  ASSIGN_OR_RETURN(change.target_interface,
                   ParseOptionalId<InterfaceId>(proto.target_interface_id(),
                                                "project_connector.target_interface_id"));
  if (!proto.name().empty()) change.name = proto.name();
  return change;
}

absl::StatusOr<v1::ProjectConnector> ToProto(const ProjectConnector& link) {
  v1::ProjectConnector proto;
  proto.set_id(link.id.ToString());
  proto.set_tenant_id(link.tenant.ToString());
  proto.set_source_project_id(link.source_project.ToString());
  proto.set_target_project_id(link.target_project.ToString());
  proto.set_target_service_id(link.target_service.ToString());
  proto.set_target_interface_id(link.target_interface.ToString());
  proto.set_name(link.name);
  proto.set_display_name(link.display_name);
  proto.set_description(link.description);
  proto.set_visibility(VisibilityOf(link.visibility));
  if (link.auth_config) {
    RETURN_IF_ERROR(json::ToProto(*link.auth_config, *proto.mutable_auth_config()));
  }
  if (link.created_by) proto.set_created_by(link.created_by->ToString());
  SetTime(link.created_at, *proto.mutable_create_time());
  SetTime(link.updated_at, *proto.mutable_update_time());
  return proto;
}

}  // namespace penstock::connector

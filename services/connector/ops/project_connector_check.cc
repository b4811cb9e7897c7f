#include "services/connector/ops/project_connector_check.h"

#include <vector>

#include "fmt/format.h"
#include "libs/request/text.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "nlohmann/json.hpp"
#include "re2/re2.h"
#include "services/connector/auth/inline_secrets.h"
#include "services/connector/storage/connectors.h"
#include "services/connector/storage/project_connectors.h"
#include "services/connector/storage/workflows.h"

namespace penstock::connector {
namespace {

constexpr size_t kMaxJsonBytes = 32 << 10;

void CheckAuthConfig(const ProjectConnector& link, std::vector<FieldViolation>& wrong) {
  constexpr char kField[] = "project_connector.auth_config";
  if (!link.auth_config) return;
  if (link.visibility != Visibility::kPublic) {
    wrong.push_back({kField, "is for visibility PUBLIC only"});
  }
  const auto config = nlohmann::json::parse(*link.auth_config);
  // Without the blanks that the database puts in.
  if (config.dump().size() > kMaxJsonBytes) wrong.push_back({kField, "must be at most 32 KiB"});
  std::vector<FieldViolation> secrets;
  CheckNoInlineSecrets(config, secrets);
  for (const FieldViolation& violation : secrets) {
    wrong.push_back({fmt::format("{}.{}", kField, violation.field), violation.description});
  }
}

absl::Status CheckProject(postgres::Connection& connection, const auth::CallContext& caller,
                          ProjectId project) {
  ASSIGN_OR_RETURN(const bool exists, storage::HasProject(connection, caller.tenant, project));
  if (exists) return absl::OkStatus();
  return absl::NotFoundError(fmt::format("no project {}", project.ToString()));
}

}  // namespace

absl::Status CheckProjectConnector(const ProjectConnector& link) {
  static const RE2& name = *new RE2("[A-Za-z0-9]([A-Za-z0-9._-]{0,253}[A-Za-z0-9])?");
  std::vector<FieldViolation> wrong;
  if (!RE2::FullMatch(link.name, name)) {
    wrong.push_back({"project_connector.name",
                     "must be 1 to 255 letters, digits, '.', '_' and '-', and begin and end with a "
                     "letter or digit"});
  }
  CheckText(link.display_name, "project_connector.display_name", {.min = 1, .max = 255}, wrong);
  CheckText(link.description, "project_connector.description", {.max = 2000}, wrong);
  CheckAuthConfig(link, wrong);
  return wrong.empty() ? absl::OkStatus() : BadRequest(wrong);
}

absl::Status ExplainChain(postgres::Connection& connection, const auth::CallContext& caller,
                          const ProjectConnector& link) {
  RETURN_IF_ERROR(CheckProject(connection, caller, link.source_project));
  RETURN_IF_ERROR(CheckProject(connection, caller, link.target_project));
  // Of what is in another project a caller who is limited to one is not told that it exists.
  const bool is_limited = caller.project.has_value();
  ASSIGN_OR_RETURN(const std::optional<ProjectId> project,
                   storage::ProjectOfWorkflow(connection, caller.tenant, link.target_service));
  if (!project || (is_limited && project != link.target_project)) {
    return absl::NotFoundError(fmt::format("no service {}", link.target_service.ToString()));
  }
  if (project != link.target_project) {
    return InvalidField("project_connector.target_service_id",
                        "is a service of another project than target_project_id");
  }
  ASSIGN_OR_RETURN(const std::optional<WorkflowId> service,
                   storage::ServiceOfInterface(connection, caller.tenant, link.target_interface));
  if (!service || (is_limited && service != link.target_service)) {
    return absl::NotFoundError(
        fmt::format("no service interface {}", link.target_interface.ToString()));
  }
  if (service != link.target_service) {
    return InvalidField("project_connector.target_interface_id",
                        "is an interface of another service than target_service_id");
  }
  return absl::OkStatus();
}

}  // namespace penstock::connector

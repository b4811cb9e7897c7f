// A project connector: a name by which workflows of one project call an interface of a service of
// another.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "libs/ids/uuid.h"

namespace penstock::connector {

using ProjectConnectorId = TypedId<struct ProjectConnectorTag>;
using InterfaceId = TypedId<struct InterfaceTag>;

enum class Visibility { kPrivate, kOrganization, kPublic };
// "private", ... as stored.
std::string_view VisibilityName(Visibility visibility);
std::optional<Visibility> ParseVisibility(std::string_view name);

struct ProjectConnector {
  ProjectConnectorId id = {};
  TenantId tenant = {};
  ProjectId source_project = {}, target_project = {};
  WorkflowId target_service = {};
  InterfaceId target_interface = {};
  std::string name = {};
  std::string display_name = {};
  std::string description = {};
  Visibility visibility = Visibility::kPrivate;
  std::optional<std::string> auth_config = {};  // a JSON object; of kPublic only
  std::optional<UserId> created_by = {};
  absl::Time created_at = {}, updated_at = {};
};

}  // namespace penstock::connector

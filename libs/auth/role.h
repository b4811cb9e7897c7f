// What a caller may do within its tenant. The names are those of the CHECK constraint on
// tenancy.api_keys.
#pragma once

#include <optional>
#include <string_view>

namespace penstock::auth {

enum class Role { kViewer, kOperator, kDeveloper, kAdmin, kOwner };

std::string_view RoleName(Role role);
std::optional<Role> ParseRole(std::string_view name);

}  // namespace penstock::auth

// Roles on the wire.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/auth/role.h"
#include "penstock/tenancy/v1/user.pb.h"

namespace penstock::interfaces {

tenancy::v1::Role RoleToProto(auth::Role role);
// None for ROLE_UNSPECIFIED; INVALID_ARGUMENT for a number that is no role.
absl::StatusOr<std::optional<auth::Role>> RoleFrom(int role, std::string_view field);
// INVALID_ARGUMENT also for ROLE_UNSPECIFIED.
absl::StatusOr<std::vector<auth::Role>> RolesFrom(const google::protobuf::RepeatedField<int>& roles,
                                                  std::string_view field);

}  // namespace penstock::interfaces

#include "services/interfaces/rpc/convert_role.h"

#include "libs/status/details.h"
#include "libs/status/macros.h"

namespace penstock::interfaces {

tenancy::v1::Role RoleToProto(auth::Role role) {
  switch (role) {
    case auth::Role::kViewer:
      return tenancy::v1::ROLE_VIEWER;
    case auth::Role::kOperator:
      return tenancy::v1::ROLE_OPERATOR;
    case auth::Role::kDeveloper:
      return tenancy::v1::ROLE_DEVELOPER;
    case auth::Role::kAdmin:
      return tenancy::v1::ROLE_ADMIN;
    case auth::Role::kOwner:
      return tenancy::v1::ROLE_OWNER;
  }
  return tenancy::v1::ROLE_UNSPECIFIED;
}

absl::StatusOr<std::optional<auth::Role>> RoleFrom(int role, std::string_view field) {
  if (role == tenancy::v1::ROLE_UNSPECIFIED) return std::nullopt;
  using enum auth::Role;
  for (auth::Role known : {kViewer, kOperator, kDeveloper, kAdmin, kOwner}) {
    if (RoleToProto(known) == role) return known;
  }
  return InvalidField(field, "is no known role");
}

absl::StatusOr<std::vector<auth::Role>> RolesFrom(const google::protobuf::RepeatedField<int>& roles,
                                                  std::string_view field) {
  std::vector<auth::Role> read;
  for (int role : roles) {
    ASSIGN_OR_RETURN(const std::optional<auth::Role> known, RoleFrom(role, field));
    if (!known) return InvalidField(field, "must not hold ROLE_UNSPECIFIED");
    read.push_back(*known);
  }
  return read;
}

}  // namespace penstock::interfaces

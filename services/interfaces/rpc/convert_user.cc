#include "services/interfaces/rpc/convert_user.h"

#include <string_view>

#include "libs/request/caller.h"
#include "libs/request/fields.h"
#include "libs/status/macros.h"
#include "services/interfaces/rpc/convert_role.h"

namespace penstock::interfaces {
namespace {

namespace v1 = tenancy::v1;

constexpr std::string_view kChangeable[] = {"email", "first_name", "last_name"};

absl::StatusOr<std::optional<bool>> ActiveFrom(v1::UserStatus status) {
  switch (status) {
    case v1::USER_STATUS_UNSPECIFIED:
      return std::nullopt;
    case v1::USER_STATUS_ACTIVE:
      return true;
    case v1::USER_STATUS_DISABLED:
      return false;
    default:
      return InvalidField("status", "is no known status");
  }
}

}  // namespace

absl::StatusOr<NewUser> FromProto(const auth::CallContext& caller,
                                  const v1::CreateUserRequest& request) {
  const v1::User& user = request.user();
  RETURN_IF_ERROR(CheckTenantId(caller, user.tenant_id(), "user.tenant_id"));
  ASSIGN_OR_RETURN(std::vector<auth::Role> roles, RolesFrom(user.roles(), "user.roles"));
  return NewUser{.email = user.email(),
                 .first_name = user.first_name(),
                 .last_name = user.last_name(),
                 .roles = std::move(roles)};
}

absl::StatusOr<UserQuery> FromProto(const v1::ListUsersRequest& request) {
  UserQuery query{.page_size = request.page_size(), .page_token = request.page_token()};
  ASSIGN_OR_RETURN(query.filter.active, ActiveFrom(request.status()));
  ASSIGN_OR_RETURN(query.filter.role, RoleFrom(request.role(), "role"));
  query.filter.email = request.email();
  return query;
}

absl::StatusOr<UserChange> FromProto(const auth::CallContext& caller,
                                     const v1::UpdateUserRequest& request) {
  const v1::User& user = request.user();
  RETURN_IF_ERROR(CheckTenantId(caller, user.tenant_id(), "user.tenant_id"));
  UserChange change;
  ASSIGN_OR_RETURN(change.id, ParseId<UserId>(user.id(), "user.id"));
  FieldNames set;
  if (!user.email().empty()) set.insert("email");
  if (!user.first_name().empty()) set.insert("first_name");
  if (!user.last_name().empty()) set.insert("last_name");
  ASSIGN_OR_RETURN(const FieldNames fields,
                   FieldsToChange(request.update_mask(), kChangeable, std::move(set)));
  if (fields.contains("email")) change.email = user.email();
  if (fields.contains("first_name")) change.first_name = user.first_name();
  if (fields.contains("last_name")) change.last_name = user.last_name();
  return change;
}

v1::User ToProto(const User& user) {
  v1::User proto;
  proto.set_id(user.id.ToString());
  proto.set_tenant_id(user.tenant.ToString());
  proto.set_email(user.email);
  proto.set_first_name(user.first_name);
  proto.set_last_name(user.last_name);
  proto.set_status(user.active ? v1::USER_STATUS_ACTIVE : v1::USER_STATUS_DISABLED);
  for (auth::Role role : user.roles) proto.add_roles(RoleToProto(role));
  proto.set_must_change_password(user.must_change_password);
  if (user.last_login_at) SetTime(*user.last_login_at, *proto.mutable_last_login_time());
  SetTime(user.created_at, *proto.mutable_create_time());
  SetTime(user.updated_at, *proto.mutable_update_time());
  return proto;
}

v1::CreateUserResponse ToProto(const CreatedUser& created) {
  v1::CreateUserResponse proto;
  *proto.mutable_user() = ToProto(created.user);
  proto.set_temporary_password(created.password.text);
  SetTime(created.password.expires_at, *proto.mutable_temporary_password_expire_time());
  return proto;
}

v1::ListUsersResponse ToProto(const paging::Page<User>& page) {
  v1::ListUsersResponse proto;
  for (const User& user : page.items) *proto.add_users() = ToProto(user);
  proto.set_next_page_token(page.next_page_token);
  proto.set_total_size(page.total_size);
  return proto;
}

v1::ResetUserPasswordResponse ToProto(const TemporaryPassword& password) {
  v1::ResetUserPasswordResponse proto;
  proto.set_temporary_password(password.text);
  SetTime(password.expires_at, *proto.mutable_temporary_password_expire_time());
  return proto;
}

}  // namespace penstock::interfaces

// Users on the wire.
#pragma once

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "penstock/tenancy/v1/user.pb.h"
#include "services/interfaces/ops/users.h"

namespace penstock::interfaces {

// INVALID_ARGUMENT for wrong fields, also for another tenant's id in tenant_id.
absl::StatusOr<NewUser> FromProto(const auth::CallContext& caller,
                                  const tenancy::v1::CreateUserRequest& request);
absl::StatusOr<UserQuery> FromProto(const tenancy::v1::ListUsersRequest& request);
absl::StatusOr<UserChange> FromProto(const auth::CallContext& caller,
                                     const tenancy::v1::UpdateUserRequest& request);

tenancy::v1::User ToProto(const User& user);
tenancy::v1::CreateUserResponse ToProto(const CreatedUser& created);
tenancy::v1::ListUsersResponse ToProto(const paging::Page<User>& page);
tenancy::v1::ResetUserPasswordResponse ToProto(const TemporaryPassword& password);

}  // namespace penstock::interfaces

// What an admin can ask about people.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/auth/call_context.h"
#include "libs/paging/paging.h"
#include "services/interfaces/ops/identity.h"
#include "services/interfaces/storage/users.h"

namespace penstock::interfaces {

struct NewUser {
  std::string email = {}, first_name = {}, last_name = {};
  std::vector<auth::Role> roles = {};  // viewer when there are none
};

struct TemporaryPassword {
  std::string text = {};  // shown once
  absl::Time expires_at = {};
};

struct CreatedUser {
  User user = {};
  TemporaryPassword password = {};
};

struct UserQuery {
  UserFilter filter = {};
  int32_t page_size = 0;
  std::string page_token = {};
};

struct UserChange {
  UserId id = {};
  std::optional<std::string> email = {}, first_name = {}, last_name = {};
};

// ALREADY_EXISTS (EMAIL_TAKEN).
absl::StatusOr<CreatedUser> CreateUser(const IdentityContext& context,
                                       const auth::CallContext& caller, const NewUser& user);
absl::StatusOr<User> GetUser(const IdentityContext& context, const auth::CallContext& caller,
                             UserId id);
absl::StatusOr<paging::Page<User>> ListUsers(const IdentityContext& context,
                                             const auth::CallContext& caller,
                                             const UserQuery& query);
absl::StatusOr<User> UpdateUser(const IdentityContext& context, const auth::CallContext& caller,
                                const UserChange& change);
// FAILED_PRECONDITION (LAST_OWNER) for a tenant's last active owner; likewise the next two.
absl::StatusOr<User> SetUserActive(const IdentityContext& context, const auth::CallContext& caller,
                                   UserId id, bool active);
absl::StatusOr<User> SetUserRoles(const IdentityContext& context, const auth::CallContext& caller,
                                  UserId id, std::vector<auth::Role> roles);
absl::Status DeleteUser(const IdentityContext& context, const auth::CallContext& caller, UserId id);
absl::StatusOr<TemporaryPassword> ResetUserPassword(const IdentityContext& context,
                                                    const auth::CallContext& caller, UserId id);

}  // namespace penstock::interfaces

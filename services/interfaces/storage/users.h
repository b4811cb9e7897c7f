// People of a tenant, without their passwords.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/auth/role.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"

namespace penstock::interfaces {

struct User {
  UserId id = {};
  TenantId tenant = {};
  std::string email = {};
  std::string first_name = {}, last_name = {};
  bool active = true;
  std::vector<auth::Role> roles = {};  // lowest first
  bool must_change_password = false;
  std::optional<absl::Time> last_login_at = {};
  absl::Time created_at = {}, updated_at = {};
};

struct UserFilter {
  std::optional<bool> active = {};
  std::optional<auth::Role> role = {};
  std::string email = {};  // empty = any
};

namespace storage {

// All are for the tenant of the transaction. ALREADY_EXISTS names the constraint
// "users_email_unique".
absl::Status InsertUser(postgres::Connection& connection, const User& user);
// NOT_FOUND when the tenant has no such user.
absl::StatusOr<User> LoadUser(postgres::Connection& connection, TenantId tenant, UserId id);
absl::StatusOr<std::vector<User>> ListUsers(postgres::Connection& connection, TenantId tenant,
                                            const UserFilter& filter, std::optional<UserId> before,
                                            int limit);
absl::StatusOr<int64_t> CountUsers(postgres::Connection& connection, TenantId tenant,
                                   const UserFilter& filter);
absl::Status UpdateUser(postgres::Connection& connection, const User& user);
absl::Status SetUserActive(postgres::Connection& connection, TenantId tenant, UserId id,
                           bool active);
absl::Status NoteLogin(postgres::Connection& connection, TenantId tenant, UserId id,
                       absl::Time now);
absl::Status DeleteUser(postgres::Connection& connection, TenantId tenant, UserId id);

absl::Status ReplaceRoles(postgres::Connection& connection, TenantId tenant, UserId id,
                          const std::vector<auth::Role>& roles);
// Lowest first.
absl::StatusOr<std::vector<auth::Role>> ListRoles(postgres::Connection& connection, TenantId tenant,
                                                  UserId id);
// Until the end of the transaction nobody else changes who may do what in the tenant.
absl::Status LockPeople(postgres::Connection& connection, TenantId tenant);
// Active owners but this one.
absl::StatusOr<int64_t> CountOtherOwners(postgres::Connection& connection, TenantId tenant,
                                         UserId but);

}  // namespace storage
}  // namespace penstock::interfaces

#include "services/interfaces/storage/users.h"

#include <utility>

#include "fmt/format.h"
#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/interfaces/storage/queries.h"

namespace penstock::interfaces::storage {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;

constexpr std::string_view kActive = "active";
constexpr std::string_view kDisabled = "disabled";

std::string_view StatusText(bool active) { return active ? kActive : kDisabled; }

std::vector<auth::Role> RolesFrom(const std::vector<std::string>& names) {
  std::vector<auth::Role> roles;
  // A foreign key lists the same names.
  for (const std::string& name : names) roles.push_back(auth::ParseRole(name).value());
  return roles;
}

User ReadRow(const Result& rows, int r) {
  return {.id = rows.Get<UserId>(r, 0),
          .tenant = rows.Get<TenantId>(r, 1),
          .email = rows.Get<std::string>(r, 2),
          .first_name = rows.Get<std::string>(r, 3),
          .last_name = rows.Get<std::string>(r, 4),
          .active = rows.Get<std::string_view>(r, 5) == kActive,
          .roles = RolesFrom(rows.Get<std::vector<std::string>>(r, 6)),
          .must_change_password = rows.Get<bool>(r, 7),
          .last_login_at = rows.Get<std::optional<absl::Time>>(r, 8),
          .created_at = rows.Get<absl::Time>(r, 9),
          .updated_at = rows.Get<absl::Time>(r, 10)};
}

void AddFilter(Params& params, const UserFilter& filter) {
  std::optional<std::string_view> status, role, email;
  if (filter.active) status = StatusText(*filter.active);
  if (filter.role) role = auth::RoleName(*filter.role);
  if (!filter.email.empty()) email = filter.email;
  params.Add(status).Add(role).Add(email);
}

}  // namespace

absl::Status InsertUser(Connection& connection, const User& user) {
  return connection
      .Execute(kInsertUser, Params()
                                .Add(user.tenant)
                                .Add(user.id)
                                .Add(user.email)
                                .Add(user.first_name)
                                .Add(user.last_name))
      .status();
}

absl::StatusOr<User> LoadUser(Connection& connection, TenantId tenant, UserId id) {
  ASSIGN_OR_RETURN(const Result row, connection.Execute(kLoadUser, Params().Add(tenant).Add(id)));
  if (row.rows() == 0) return absl::NotFoundError(fmt::format("no user {}", id.ToString()));
  return ReadRow(row, 0);
}

absl::StatusOr<std::vector<User>> ListUsers(Connection& connection, TenantId tenant,
                                            const UserFilter& filter, std::optional<UserId> before,
                                            int limit) {
  Params params;
  params.Add(tenant);
  AddFilter(params, filter);
  params.Add(before).Add(int64_t{limit});
  ASSIGN_OR_RETURN(const Result rows, connection.Execute(kListUsers, params));
  std::vector<User> users;
  for (int r = 0; r < rows.rows(); ++r) users.push_back(ReadRow(rows, r));
  return users;
}

absl::StatusOr<int64_t> CountUsers(Connection& connection, TenantId tenant,
                                   const UserFilter& filter) {
  Params params;
  params.Add(tenant);
  AddFilter(params, filter);
  ASSIGN_OR_RETURN(const Result row, connection.Execute(kCountUsers, params));
  return row.Get<int64_t>(0, 0);
}

absl::Status UpdateUser(Connection& connection, const User& user) {
  return connection
      .Execute(kUpdateUser, Params()
                                .Add(user.tenant)
                                .Add(user.id)
                                .Add(user.email)
                                .Add(user.first_name)
                                .Add(user.last_name))
      .status();
}

absl::Status SetUserActive(Connection& connection, TenantId tenant, UserId id, bool active) {
  return connection.Execute(kSetUserStatus, Params().Add(tenant).Add(id).Add(StatusText(active)))
      .status();
}

absl::Status NoteLogin(Connection& connection, TenantId tenant, UserId id, absl::Time now) {
  return connection.Execute(kNoteLogin, Params().Add(tenant).Add(id).Add(now)).status();
}

absl::Status DeleteUser(Connection& connection, TenantId tenant, UserId id) {
  return connection.Execute(kDeleteUser, Params().Add(tenant).Add(id)).status();
}

absl::Status ReplaceRoles(Connection& connection, TenantId tenant, UserId id,
                          const std::vector<auth::Role>& roles) {
  postgres::Array<std::string_view> names;
  for (auth::Role role : roles) names.Append(auth::RoleName(role));
  postgres::Pipeline pipeline;
  pipeline.Add(kDeleteUserRoles, Params().Add(tenant).Add(id));
  pipeline.Add(kInsertUserRoles, Params().Add(tenant).Add(id).Add(std::move(names)));
  return pipeline.Run(connection).status();
}

absl::StatusOr<std::vector<auth::Role>> ListRoles(Connection& connection, TenantId tenant,
                                                  UserId id) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(kListRolesOfUser, Params().Add(tenant).Add(id)));
  std::vector<std::string> names;
  for (int r = 0; r < rows.rows(); ++r) names.push_back(rows.Get<std::string>(r, 0));
  return RolesFrom(names);
}

absl::Status LockPeople(Connection& connection, TenantId tenant) {
  return connection.Execute(kLockPeople, Params().Add(tenant)).status();
}

absl::StatusOr<int64_t> CountOtherOwners(Connection& connection, TenantId tenant, UserId but) {
  ASSIGN_OR_RETURN(const Result row,
                   connection.Execute(kCountOtherOwners, Params().Add(tenant).Add(but)));
  return row.Get<int64_t>(0, 0);
}

}  // namespace penstock::interfaces::storage

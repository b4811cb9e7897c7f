#include "services/interfaces/ops/users.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "fmt/format.h"
#include "libs/json/quote.h"
#include "libs/paging/id_position.h"
#include "libs/postgres/sqlstate.h"
#include "libs/request/caller.h"
#include "libs/request/text.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/interfaces/domain/email.h"
#include "services/interfaces/domain/grants.h"
#include "services/interfaces/storage/api_keys.h"
#include "services/interfaces/storage/audit.h"
#include "services/interfaces/storage/credentials.h"
#include "services/interfaces/storage/sessions.h"

namespace penstock::interfaces {
namespace {

using auth::CallContext;
using auth::Role;
using postgres::Connection;
using postgres::RunInTransactionReturning;

constexpr absl::Duration kTemporaryPasswordLifetime = absl::Hours(24);

// In the words of the caller, who knows fields and not constraints.
absl::Status Explain(const absl::Status& status) {
  const std::string constraint = postgres::ConstraintOf(status);
  if (constraint == "users_email_unique") {
    return WithReason(absl::AlreadyExistsError("there is a user with this e-mail address"),
                      "EMAIL_TAKEN");
  }
  if (constraint == "users_email_form") {
    return InvalidField("user.email", "must be an e-mail address");
  }
  return status;
}

absl::Status CheckPerson(const std::string& email, const std::string& first_name,
                         const std::string& last_name) {
  std::vector<FieldViolation> wrong;
  CheckEmail(email, "user.email", wrong);
  CheckText(first_name, "user.first_name", {.max = 100}, wrong);
  CheckText(last_name, "user.last_name", {.max = 100}, wrong);
  return wrong.empty() ? absl::OkStatus() : BadRequest(wrong);
}

void SortAndUnite(std::vector<Role>& roles) {
  std::ranges::sort(roles);
  roles.erase(std::unique(roles.begin(), roles.end()), roles.end());
}

// {"roles":["viewer"]}
std::string RolesJson(const std::vector<Role>& roles) {
  std::string json = R"({"roles":[)";
  for (Role role : roles) {
    if (json.back() != '[') json += ',';
    json::AppendQuoted(json, auth::RoleName(role));
  }
  return json + "]}";
}

absl::Status Audit(Connection& connection, const CallContext& caller, std::string_view action,
                   UserId id, std::string details = "{}") {
  return storage::AppendAudit(connection, caller,
                              {.action = action,
                               .resource_type = "user",
                               .resource_id = id.ToString(),
                               .details = std::move(details)});
}

// The user, if the caller may change somebody with such roles.
absl::StatusOr<User> LoadForChange(Connection& connection, const CallContext& caller, UserId id) {
  RETURN_IF_ERROR(storage::LockPeople(connection, caller.tenant));
  ASSIGN_OR_RETURN(User user, storage::LoadUser(connection, caller.tenant, id));
  if (!user.roles.empty()) {
    RETURN_IF_ERROR(CheckNotAbove(caller, HighestOf(user.roles), "a user"));
  }
  return user;
}

bool IsActiveOwner(const User& user) {
  return user.active && std::ranges::find(user.roles, Role::kOwner) != user.roles.end();
}

// Somebody must be left who can do everything.
absl::Status CheckOwnerIsLeft(Connection& connection, const User& user) {
  if (!IsActiveOwner(user)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const int64_t others,
                   storage::CountOtherOwners(connection, user.tenant, user.id));
  if (others > 0) return absl::OkStatus();
  return WithReason(absl::FailedPreconditionError("a tenant keeps at least one active owner"),
                    "LAST_OWNER");
}

// Runs a change of one user.
absl::StatusOr<User> Change(const IdentityContext& context, const CallContext& caller, UserId id,
                            const std::function<absl::Status(Connection&, const User&)>& change) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  absl::StatusOr<User> changed = RunInTransactionReturning<User>(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<User> {
        ASSIGN_OR_RETURN(const User user, LoadForChange(connection, caller, id));
        RETURN_IF_ERROR(change(connection, user));
        return storage::LoadUser(connection, caller.tenant, id);
      });
  if (!changed.ok()) return Explain(changed.status());
  return changed;
}

// A new temporary password and what is stored of it.
struct MadePassword {
  TemporaryPassword shown = {};
  Credentials stored = {};
};
absl::StatusOr<MadePassword> MakePassword(const IdentityContext& context, const CallContext& caller,
                                          UserId user) {
  MadePassword made{.shown = {.text = crypto::MakeTemporaryPassword(),
                              .expires_at = context.clock.Now() + kTemporaryPasswordLifetime}};
  ASSIGN_OR_RETURN(std::string hash,
                   context.hasher.Hash(made.shown.text, HashDeadline(caller, context.clock)));
  made.stored = {.user = user,
                 .password_hash = std::move(hash),
                 .must_change = true,
                 .expires_at = made.shown.expires_at};
  return made;
}

std::string FilterText(const UserFilter& filter) {
  return fmt::format("users {} {} {}", filter.active ? static_cast<int>(*filter.active) : -1,
                     filter.role ? auth::RoleName(*filter.role) : "", filter.email);
}

}  // namespace

absl::StatusOr<CreatedUser> CreateUser(const IdentityContext& context, const CallContext& caller,
                                       const NewUser& user) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  RETURN_IF_ERROR(CheckPerson(user.email, user.first_name, user.last_name));
  std::vector<Role> roles = user.roles;
  if (roles.empty()) roles.push_back(Role::kViewer);
  SortAndUnite(roles);
  RETURN_IF_ERROR(CheckNotAbove(caller, HighestOf(roles), "a user"));
  const absl::Time now = context.clock.Now();
  const User row{.id = UserId::Make(now),
                 .tenant = caller.tenant,
                 .email = user.email,
                 .first_name = user.first_name,
                 .last_name = user.last_name};
  ASSIGN_OR_RETURN(const MadePassword password, MakePassword(context, caller, row.id));
  absl::StatusOr<User> created = RunInTransactionReturning<User>(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<User> {
        RETURN_IF_ERROR(storage::InsertUser(connection, row));
        RETURN_IF_ERROR(storage::ReplaceRoles(connection, caller.tenant, row.id, roles));
        RETURN_IF_ERROR(storage::PutCredentials(connection, caller.tenant, password.stored, now));
        RETURN_IF_ERROR(Audit(connection, caller, "user.created", row.id, RolesJson(roles)));
        return storage::LoadUser(connection, caller.tenant, row.id);
      });
  if (!created.ok()) return Explain(created.status());
  return CreatedUser{*std::move(created), password.shown};
}

absl::StatusOr<User> GetUser(const IdentityContext& context, const CallContext& caller, UserId id) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  return RunInTransactionReturning<User>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) { return storage::LoadUser(connection, caller.tenant, id); });
}

absl::StatusOr<paging::Page<User>> ListUsers(const IdentityContext& context,
                                             const CallContext& caller, const UserQuery& query) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(query.page_size));
  const std::string list = FilterText(query.filter);
  ASSIGN_OR_RETURN(const std::string position, paging::ReadPageToken(query.page_token, list));
  ASSIGN_OR_RETURN(const std::optional<UserId> before, paging::IdAt<UserId>(position));
  return RunInTransactionReturning<paging::Page<User>>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) -> absl::StatusOr<paging::Page<User>> {
        paging::Page<User> page;
        ASSIGN_OR_RETURN(const int64_t total,
                         storage::CountUsers(connection, caller.tenant, query.filter));
        page.total_size = static_cast<int>(total);
        // One more than asked for tells whether there is a next page.
        ASSIGN_OR_RETURN(page.items, storage::ListUsers(connection, caller.tenant, query.filter,
                                                        before, page_size + 1));
        if (page.items.size() > static_cast<size_t>(page_size)) {
          page.items.pop_back();
          page.next_page_token =
              paging::MakePageToken(paging::PositionOf(page.items.back().id), list);
        }
        return page;
      });
}

absl::StatusOr<User> UpdateUser(const IdentityContext& context, const CallContext& caller,
                                const UserChange& change) {
  return Change(context, caller, change.id, [&](Connection& connection, const User& before) {
    User after = before;
    if (change.email) after.email = *change.email;
    if (change.first_name) after.first_name = *change.first_name;
    if (change.last_name) after.last_name = *change.last_name;
    RETURN_IF_ERROR(CheckPerson(after.email, after.first_name, after.last_name));
    RETURN_IF_ERROR(storage::UpdateUser(connection, after));
    // Which fields and not what is in them: the log can't forget, and people may have to be
    // forgotten.
    return Audit(
        connection, caller, "user.updated", change.id,
        fmt::format(R"({{"email":{},"name":{}}})", after.email != before.email,
                    after.first_name != before.first_name || after.last_name != before.last_name));
  });
}

absl::StatusOr<User> SetUserActive(const IdentityContext& context, const CallContext& caller,
                                   UserId id, bool active) {
  return Change(context, caller, id, [&](Connection& connection, const User& user) -> absl::Status {
    if (user.active == active) return absl::OkStatus();
    if (!active) {
      const absl::Time now = context.clock.Now();
      RETURN_IF_ERROR(CheckOwnerIsLeft(connection, user));
      RETURN_IF_ERROR(storage::RevokeSessionsOfUser(connection, user.tenant, id, kDisabled, now));
      RETURN_IF_ERROR(
          storage::RevokeApiKeysOfUser(connection, user.tenant, id, std::nullopt, now).status());
    }
    RETURN_IF_ERROR(storage::SetUserActive(connection, user.tenant, id, active));
    return Audit(connection, caller, active ? "user.enabled" : "user.disabled", id);
  });
}

absl::StatusOr<User> SetUserRoles(const IdentityContext& context, const CallContext& caller,
                                  UserId id, std::vector<Role> roles) {
  if (roles.empty()) return InvalidField("roles", "must name at least one");
  SortAndUnite(roles);
  RETURN_IF_ERROR(CheckNotAbove(caller, HighestOf(roles), "a user"));
  return Change(context, caller, id, [&](Connection& connection, const User& user) -> absl::Status {
    if (user.roles == roles) return absl::OkStatus();
    if (HighestOf(roles) != Role::kOwner) {
      RETURN_IF_ERROR(CheckOwnerIsLeft(connection, user));
    }
    RETURN_IF_ERROR(storage::ReplaceRoles(connection, user.tenant, id, roles));
    RETURN_IF_ERROR(storage::RevokeApiKeysOfUser(connection, user.tenant, id, HighestOf(roles),
                                                 context.clock.Now())
                        .status());
    return Audit(connection, caller, "user.roles_set", id, RolesJson(roles));
  });
}

absl::Status DeleteUser(const IdentityContext& context, const CallContext& caller, UserId id) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  return postgres::RunInTransaction(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::Status {
        ASSIGN_OR_RETURN(const User user, LoadForChange(connection, caller, id));
        RETURN_IF_ERROR(CheckOwnerIsLeft(connection, user));
        RETURN_IF_ERROR(storage::DeleteUser(connection, caller.tenant, id));
        return Audit(connection, caller, "user.deleted", id);
      });
}

absl::StatusOr<TemporaryPassword> ResetUserPassword(const IdentityContext& context,
                                                    const CallContext& caller, UserId id) {
  ASSIGN_OR_RETURN(const MadePassword password, MakePassword(context, caller, id));
  const absl::Time now = context.clock.Now();
  RETURN_IF_ERROR(
      Change(context, caller, id, [&](Connection& connection, const User& user) -> absl::Status {
        RETURN_IF_ERROR(storage::PutCredentials(connection, user.tenant, password.stored, now));
        RETURN_IF_ERROR(
            storage::RevokeSessionsOfUser(connection, user.tenant, id, kPasswordReset, now));
        return Audit(connection, caller, "user.password_reset", id);
      }).status());
  return password.shown;
}

}  // namespace penstock::interfaces

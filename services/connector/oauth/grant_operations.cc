#include "services/connector/oauth/grant_operations.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "libs/paging/id_position.h"
#include "libs/request/caller.h"
#include "libs/request/text.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/connector/storage/connectors.h"

namespace penstock::connector {
namespace {

using auth::CallContext;
using postgres::Connection;
using postgres::RunInTransactionReturning;
using postgres::Scope;
using storage::GrantLock;

constexpr size_t kMaxScopes = 200;
constexpr size_t kMaxScopeBytes = 255;
constexpr char kAuthType[] = "oauth2";

Scope ScopeFor(const CallContext& caller) {
  return {caller.tenant, caller.user, std::string(auth::RoleName(caller.role))};
}

enum class Access { kSee, kChange };

absl::Status CheckProject(const CallContext& caller, const std::optional<ProjectId>& project,
                          Access access, std::string_view what) {
  if (!caller.project || caller.project == project) return absl::OkStatus();
  if (project) return absl::NotFoundError(fmt::format("no {}", what));
  return access == Access::kSee ? absl::OkStatus() : CheckTenantWide(caller);
}

absl::StatusOr<Grant> FindGrant(Connection& connection, const CallContext& caller, GrantId id,
                                Access access) {
  ASSIGN_OR_RETURN(Grant grant,
                   storage::LoadGrant(connection, caller.tenant, id, GrantLock::kNone));
  RETURN_IF_ERROR(CheckProject(caller, grant.project, access, "grant " + id.ToString()));
  return grant;
}

absl::StatusOr<Grant> FindGrant(const GrantContext& context, const CallContext& caller, GrantId id,
                                Access access) {
  return RunInTransactionReturning<Grant>(
      context.parts.pool, ScopeFor(caller),
      [&](Connection& connection) { return FindGrant(connection, caller, id, access); });
}

absl::StatusOr<GrantView> View(Connection& connection, const CallContext& caller, GrantId id) {
  GrantView view;
  ASSIGN_OR_RETURN(view.grant, FindGrant(connection, caller, id, Access::kSee));
  ASSIGN_OR_RETURN(view.used_by, storage::ListGrantUsers(connection, caller.tenant, id));
  ASSIGN_OR_RETURN(view.changes, storage::ListGrantChanges(connection, caller.tenant, id));
  ASSIGN_OR_RETURN(view.authorization,
                   storage::FindAuthorizationOutcome(connection, caller.tenant, id));
  return view;
}

absl::Status CheckNew(const NewGrant& asked) {
  std::vector<FieldViolation> wrong;
  CheckText(asked.display_name, "grant.display_name", {.max = 255}, wrong);
  if (asked.scopes.size() > kMaxScopes) wrong.push_back({"grant.scopes", "must be 200 at most"});
  for (const std::string& scope : asked.scopes) {
    const bool fits = !scope.empty() && scope.size() <= kMaxScopeBytes &&
                      std::all_of(scope.begin(), scope.end(), [](unsigned char c) {
                        return c > 0x20 && c < 0x7f && c != '"' && c != '\\';
                      });
    if (!fits)
      wrong.push_back({"grant.scopes",
                       "must be words of 1 to 255 printable ASCII characters without space, quote "
                       "and backslash"});
  }
  return wrong.empty() ? absl::OkStatus() : BadRequest(wrong);
}

Asker AskerOf(const CallContext& caller) { return {caller, ""}; }

size_t CountOthers(const GrantView& view) {
  return std::count_if(view.used_by.begin(), view.used_by.end(),
                       [&](const Uuid& id) { return id != view.grant.connector; });
}

}  // namespace

absl::StatusOr<GrantView> CreateGrant(const GrantContext& context, const CallContext& caller,
                                      const NewGrant& asked) {
  RETURN_IF_ERROR(CheckNew(asked));
  return RunInTransactionReturning<GrantView>(
      context.parts.pool, ScopeFor(caller),
      [&](Connection& connection) -> absl::StatusOr<GrantView> {
        ASSIGN_OR_RETURN(const Connector connector,
                         storage::LoadConnector(connection, caller.tenant, asked.connector,
                                                storage::Lock::kNone));
        RETURN_IF_ERROR(CheckProject(caller, connector.project, Access::kChange,
                                     "connector " + asked.connector.ToString()));
        if (connector.auth_type != kAuthType) {
          return WithReason(
              absl::FailedPreconditionError(
                  "only connectors with auth_type oauth2 get their tokens from grants"),
              "NO_GRANT_NEEDED");
        }
        const Grant grant{
            .id = GrantId::Make(context.parts.clock.Now()),
            .tenant = caller.tenant,
            .connector = connector.id.uuid(),
            .display_name =
                asked.display_name.empty() ? connector.display_name : asked.display_name,
            .config = connector.auth_config,
            .scopes_requested = asked.scopes.empty() ? connector.scopes : asked.scopes};
        RETURN_IF_ERROR(storage::InsertGrant(connection, grant, caller.user));
        RETURN_IF_ERROR(storage::UseGrant(connection, caller.tenant, grant.connector, grant.id));
        return View(connection, caller, grant.id);
      });
}

absl::StatusOr<GrantView> GetGrant(const GrantContext& context, const CallContext& caller,
                                   GrantId id) {
  return RunInTransactionReturning<GrantView>(
      context.parts.pool, ScopeFor(caller),
      [&](Connection& connection) { return View(connection, caller, id); });
}

absl::StatusOr<paging::Page<Grant>> ListGrants(const GrantContext& context,
                                               const CallContext& caller, const GrantQuery& query) {
  const storage::GrantFilter filter{
      .project = caller.project, .connector = query.connector, .state = query.state};
  const std::string list =
      fmt::format("grants/{}/{}", query.connector ? query.connector->ToString() : "",
                  query.state ? std::string(GrantStateName(*query.state)) : "");
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(query.page_size));
  ASSIGN_OR_RETURN(const std::string position, paging::ReadPageToken(query.page_token, list));
  ASSIGN_OR_RETURN(const std::optional<GrantId> before, paging::IdAt<GrantId>(position));
  return RunInTransactionReturning<paging::Page<Grant>>(
      context.parts.pool, ScopeFor(caller),
      [&](Connection& connection) -> absl::StatusOr<paging::Page<Grant>> {
        paging::Page<Grant> page;
        ASSIGN_OR_RETURN(const int64_t total,
                         storage::CountGrants(connection, caller.tenant, filter));
        page.total_size = static_cast<int>(total);
        ASSIGN_OR_RETURN(page.items,
                         storage::ListGrants(connection, caller.tenant, filter, before, limit + 1));
        if (page.items.size() > static_cast<size_t>(limit)) {
          page.items.pop_back();
          page.next_page_token =
              paging::MakePageToken(paging::PositionOf(page.items.back().id), list);
        }
        return page;
      });
}

absl::StatusOr<StartedAuthorization> StartAuthorization(const GrantContext& context,
                                                        const CallContext& caller, GrantId id,
                                                        const std::string& return_to) {
  ASSIGN_OR_RETURN(const Grant grant, FindGrant(context, caller, id, Access::kChange));
  return context.authorizer.Start(caller, grant, return_to);
}

absl::StatusOr<StartedDevice> StartDeviceAuthorization(const GrantContext& context,
                                                       const CallContext& caller, GrantId id) {
  ASSIGN_OR_RETURN(const Grant grant, FindGrant(context, caller, id, Access::kChange));
  return context.devices.Start(caller, grant, caller.deadline);
}

absl::StatusOr<GrantView> RefreshGrant(const GrantContext& context, const CallContext& caller,
                                       GrantId id) {
  RETURN_IF_ERROR(FindGrant(context, caller, id, Access::kChange).status());
  RETURN_IF_ERROR(
      context.refresher.Refresh(caller.tenant, id, AskerOf(caller), caller.deadline).status());
  return GetGrant(context, caller, id);
}

absl::StatusOr<RevokedGrant> RevokeGrant(const GrantContext& context, const CallContext& caller,
                                         GrantId id) {
  RETURN_IF_ERROR(FindGrant(context, caller, id, Access::kChange).status());
  ASSIGN_OR_RETURN(const GrantView before, GetGrant(context, caller, id));
  ASSIGN_OR_RETURN(const Revocation revocation,
                   context.revoker.Revoke(caller.tenant, id, AskerOf(caller), caller.deadline));
  RevokedGrant revoked{.at_provider = revocation.at_provider,
                       .side_effects = RevocationSideEffects(before.grant, CountOthers(before))};
  ASSIGN_OR_RETURN(revoked.view, GetGrant(context, caller, id));
  return revoked;
}

absl::Status DeleteGrant(const GrantContext& context, const CallContext& caller, GrantId id,
                         Users users) {
  return postgres::RunInTransaction(
      context.parts.pool, ScopeFor(caller), [&](Connection& connection) -> absl::Status {
        RETURN_IF_ERROR(FindGrant(connection, caller, id, Access::kChange).status());
        ASSIGN_OR_RETURN(const GrantView view, View(connection, caller, id));
        const size_t others = CountOthers(view);
        if (others > 0 && users == Users::kMustBeNone) {
          return WithReason(absl::FailedPreconditionError(fmt::format(
                                "{} other connectors get their tokens from this grant", others)),
                            "GRANT_IN_USE", {{"count", std::to_string(others)}});
        }
        RETURN_IF_ERROR(context.parts.credentials.RemoveAll(connection, view.grant.owner()));
        return storage::DeleteGrant(connection, caller.tenant, id);
      });
}

}  // namespace penstock::connector

#include "services/interfaces/ops/api_keys.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "libs/json/quote.h"
#include "libs/paging/id_position.h"
#include "libs/postgres/sqlstate.h"
#include "libs/request/caller.h"
#include "libs/request/text.h"
#include "libs/status/details.h"
#include "libs/status/macros.h"
#include "services/interfaces/domain/grants.h"
#include "services/interfaces/storage/audit.h"

namespace penstock::interfaces {
namespace {

using auth::CallContext;
using auth::Role;
using postgres::Connection;
using postgres::RunInTransactionReturning;

constexpr absl::Duration kMaxOverlap = absl::Hours(24 * 7);

absl::Status Explain(const absl::Status& status) {
  if (ReasonOf(status) == "FOREIGN_KEY_VIOLATION") {
    return InvalidField("api_key.project_id", "is no project of the tenant");
  }
  return status;
}

absl::Status CheckNewKey(const NewApiKeyRequest& request, absl::Time now) {
  std::vector<FieldViolation> wrong;
  CheckText(request.name, "api_key.name", {.min = 1, .max = 100}, wrong);
  if (request.expires_at && *request.expires_at <= now) {
    wrong.push_back({"api_key.expire_time", "must be in the future"});
  }
  return wrong.empty() ? absl::OkStatus() : BadRequest(wrong);
}

Role DefaultRole(const CallContext& caller) {
  return caller.is_service() ? Role::kDeveloper : std::min(Role::kDeveloper, caller.role);
}

bool HasEnded(const ApiKey& key, absl::Time now) {
  return key.revoked_at || (key.expires_at && *key.expires_at <= now);
}

absl::Status Audit(Connection& connection, const CallContext& caller, std::string_view action,
                   const ApiKey& key) {
  return storage::AppendAudit(
      connection, caller,
      {.action = action,
       .resource_type = "api_key",
       .resource_id = key.id.ToString(),
       .details = fmt::format(R"({{"prefix":{},"role":{}}})", json::Quoted(key.prefix),
                              json::Quoted(auth::RoleName(key.role)))});
}

absl::StatusOr<ApiKey> LoadForChange(Connection& connection, const CallContext& caller,
                                     ApiKeyId id) {
  ASSIGN_OR_RETURN(ApiKey key,
                   storage::LoadApiKey(connection, caller.tenant, id, Lock::kForChange));
  RETURN_IF_ERROR(CheckNotAbove(caller, key.role, "an API key"));
  return key;
}

auth::ApiKeyMode ModeOf(const ApiKey& key) {
  return key.prefix.starts_with("pk_test_") ? auth::ApiKeyMode::kTest : auth::ApiKeyMode::kLive;
}

std::string FilterText(const ApiKeyFilter& filter) {
  return fmt::format("api keys {} {}", filter.project ? filter.project->ToString() : "",
                     filter.show_ended);
}

}  // namespace

absl::StatusOr<IssuedApiKey> CreateApiKey(const IdentityContext& context, const CallContext& caller,
                                          const NewApiKeyRequest& request) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  const absl::Time now = context.clock.Now();
  RETURN_IF_ERROR(CheckNewKey(request, now));
  const Role role = request.role.value_or(DefaultRole(caller));
  RETURN_IF_ERROR(CheckNotAbove(caller, role, "an API key"));
  auth::NewApiKey made = auth::MakeApiKey(request.mode);
  ApiKey row{.id = ApiKeyId::Make(now),
             .tenant = caller.tenant,
             .name = request.name,
             .prefix = made.prefix,
             .role = role,
             .project = request.project,
             .expires_at = request.expires_at};
  if (!caller.user.is_nil()) row.user = caller.user;
  absl::StatusOr<ApiKey> created = RunInTransactionReturning<ApiKey>(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<ApiKey> {
        ASSIGN_OR_RETURN(ApiKey key, storage::InsertApiKey(connection, row, made.hash));
        RETURN_IF_ERROR(Audit(connection, caller, "api_key.created", key));
        return key;
      });
  if (!created.ok()) return Explain(created.status());
  return IssuedApiKey{*std::move(created), std::move(made.text)};
}

absl::StatusOr<ApiKey> GetApiKey(const IdentityContext& context, const CallContext& caller,
                                 ApiKeyId id) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  return RunInTransactionReturning<ApiKey>(
      context.pool, ScopeOf(caller), [&](Connection& connection) {
        return storage::LoadApiKey(connection, caller.tenant, id, Lock::kNone);
      });
}

absl::StatusOr<paging::Page<ApiKey>> ListApiKeys(const IdentityContext& context,
                                                 const CallContext& caller,
                                                 const ApiKeyQuery& query) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(query.page_size));
  const std::string list = FilterText(query.filter);
  ASSIGN_OR_RETURN(const std::string position, paging::ReadPageToken(query.page_token, list));
  ASSIGN_OR_RETURN(const std::optional<ApiKeyId> before, paging::IdAt<ApiKeyId>(position));
  return RunInTransactionReturning<paging::Page<ApiKey>>(
      context.pool, ScopeOf(caller),
      [&](Connection& connection) -> absl::StatusOr<paging::Page<ApiKey>> {
        paging::Page<ApiKey> page;
        ASSIGN_OR_RETURN(const int64_t total,
                         storage::CountApiKeys(connection, caller.tenant, query.filter));
        page.total_size = static_cast<int>(total);
        ASSIGN_OR_RETURN(page.items, storage::ListApiKeys(connection, caller.tenant, query.filter,
                                                          before, page_size + 1));
        if (page.items.size() > static_cast<size_t>(page_size)) {
          page.items.pop_back();
          page.next_page_token =
              paging::MakePageToken(paging::PositionOf(page.items.back().id), list);
        }
        return page;
      });
}

absl::StatusOr<IssuedApiKey> RotateApiKey(const IdentityContext& context, const CallContext& caller,
                                          ApiKeyId id, absl::Duration overlap) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  if (overlap < absl::ZeroDuration() || overlap > kMaxOverlap) {
    return InvalidField("overlap", "must be between 0 and 7 days");
  }
  const absl::Time now = context.clock.Now();
  auth::NewApiKey made;
  absl::StatusOr<ApiKey> created = RunInTransactionReturning<ApiKey>(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<ApiKey> {
        ASSIGN_OR_RETURN(ApiKey old, LoadForChange(connection, caller, id));
        if (HasEnded(old, now)) {
          return WithReason(absl::FailedPreconditionError("the API key has ended; make a new one"),
                            "API_KEY_ENDED");
        }
        made = auth::MakeApiKey(ModeOf(old));
        const ApiKey successor{.id = ApiKeyId::Make(now),
                               .tenant = old.tenant,
                               .name = old.name,
                               .prefix = made.prefix,
                               .role = old.role,
                               .project = old.project,
                               .user = old.user,
                               .expires_at = old.expires_at};
        ASSIGN_OR_RETURN(ApiKey key, storage::InsertApiKey(connection, successor, made.hash));
        old.replaced_by = key.id;
        if (overlap == absl::ZeroDuration()) {
          old.revoked_at = now;
        } else {
          old.expires_at = std::min(old.expires_at.value_or(absl::InfiniteFuture()), now + overlap);
        }
        RETURN_IF_ERROR(storage::EndApiKey(connection, old).status());
        RETURN_IF_ERROR(Audit(connection, caller, "api_key.rotated", old));
        RETURN_IF_ERROR(Audit(connection, caller, "api_key.created", key));
        return key;
      });
  if (!created.ok()) return created.status();
  return IssuedApiKey{*std::move(created), std::move(made.text)};
}

absl::StatusOr<ApiKey> RevokeApiKey(const IdentityContext& context, const CallContext& caller,
                                    ApiKeyId id) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  return RunInTransactionReturning<ApiKey>(
      context.pool, ScopeOf(caller), [&](Connection& connection) -> absl::StatusOr<ApiKey> {
        ASSIGN_OR_RETURN(ApiKey key, LoadForChange(connection, caller, id));
        if (key.revoked_at) return key;
        key.revoked_at = context.clock.Now();
        ASSIGN_OR_RETURN(const ApiKey revoked, storage::EndApiKey(connection, key));
        RETURN_IF_ERROR(Audit(connection, caller, "api_key.revoked", revoked));
        return revoked;
      });
}

}  // namespace penstock::interfaces

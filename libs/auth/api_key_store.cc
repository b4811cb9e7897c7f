#include "libs/auth/api_key_store.h"

#include <map>
#include <utility>

#include "libs/status/macros.h"

namespace penstock::auth {
namespace {

// The function looks past row-level security for one exact hash; no tenant is known yet.
constexpr postgres::Statement kFindApiKey{"find_api_key",
                                          "SELECT tenant_id, api_key_id, user_id, project_id, "
                                          "role, expires_at FROM tenancy.find_api_key($1)"};

constexpr postgres::Statement kTouchApiKeys{
    "touch_api_keys",
    "UPDATE tenancy.api_keys k SET last_used_at = u.at "
    "FROM unnest($1::uuid[], $2::timestamptz[]) u (api_key_id, at) "
    "WHERE k.tenant_id = auth.tenant_id() AND k.api_key_id = u.api_key_id "
    "AND (k.last_used_at IS NULL OR k.last_used_at < u.at)"};

struct UsedOfTenant {
  postgres::Array<Uuid> keys;
  postgres::Array<absl::Time> times;
};

absl::StatusOr<std::optional<ApiKeyRecord>> RecordFrom(const postgres::Result& result) {
  if (result.rows() == 0) return std::nullopt;
  ApiKeyRecord record;
  record.tenant = result.Get<TenantId>(0, 0);
  record.api_key = result.Get<ApiKeyId>(0, 1);
  record.user = result.Get<std::optional<UserId>>(0, 2).value_or(UserId());
  record.project = result.Get<std::optional<ProjectId>>(0, 3);
  std::optional<Role> role = ParseRole(result.Get<std::string_view>(0, 4));
  if (!role) return absl::InternalError("the database holds a role that this version lacks");
  record.role = *role;
  record.expires_at = result.Get<std::optional<absl::Time>>(0, 5).value_or(absl::InfiniteFuture());
  return record;
}

}  // namespace

FindApiKey FindApiKeyIn(postgres::Pool& pool) {
  return [&pool](std::string_view hash,
                 absl::Time deadline) -> absl::StatusOr<std::optional<ApiKeyRecord>> {
    ASSIGN_OR_RETURN(postgres::Pool::Handle connection, pool.Acquire(deadline));
    ASSIGN_OR_RETURN(
        postgres::Result result,
        connection->Execute(kFindApiKey, postgres::Params().Add(postgres::Bytes{hash})));
    return RecordFrom(result);
  };
}

absl::Status TouchLastUsed(ApiKeyAuthenticator& authenticator, postgres::Pool& pool) {
  std::map<TenantId, UsedOfTenant> by_tenant;
  for (const ApiKeyAuthenticator::Used& used : authenticator.TakeUsed()) {
    UsedOfTenant& of_tenant = by_tenant[used.tenant];
    of_tenant.keys.Append(used.api_key.uuid());
    of_tenant.times.Append(used.at);
  }
  for (const auto& [tenant, used] : by_tenant) {
    postgres::Scope scope{.tenant = tenant, .user = UserId(), .role = ""};
    RETURN_IF_ERROR(postgres::RunInTransaction(pool, scope, [&](postgres::Connection& connection) {
      return connection.Execute(kTouchApiKeys, postgres::Params().Add(used.keys).Add(used.times))
          .status();
    }));
  }
  return absl::OkStatus();
}

}  // namespace penstock::auth

#include "services/connector/providers/storage/providers.h"

#include <utility>

#include "libs/postgres/params.h"
#include "libs/request/fields.h"
#include "libs/status/macros.h"
#include "services/connector/providers/provider_json.h"
#include "services/connector/providers/storage/provider_queries.h"

namespace penstock::connector::storage {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;
using v1::Provider;

absl::StatusOr<std::string> ToJson(Provider provider) {
  provider.clear_origin();
  provider.clear_create_time();
  provider.clear_update_time();
  return ProviderToJson(provider);
}

absl::StatusOr<Provider> ReadRow(const Result& rows, int r) {
  absl::StatusOr<Provider> provider = ParseProvider(rows.Get<std::string>(r, 0));
  if (!provider.ok()) return absl::InternalError("a stored provider can't be read");
  provider->set_origin(Provider::ORIGIN_TENANT);
  SetTime(rows.Get<absl::Time>(r, 1), *provider->mutable_create_time());
  SetTime(rows.Get<absl::Time>(r, 2), *provider->mutable_update_time());
  return provider;
}

postgres::Array<std::string_view> ArrayOf(const ReleaseIds& ids) {
  postgres::Array<std::string_view> array;
  for (const std::string& id : ids) array.Append(id);
  return array;
}

}  // namespace

absl::Status LockProviders(Connection& connection, TenantId tenant) {
  return connection.Execute(kLockProviders, Params().Add(tenant)).status();
}

absl::Status InsertProvider(Connection& connection, TenantId tenant, const Provider& provider) {
  ASSIGN_OR_RETURN(const std::string json, ToJson(provider));
  return connection
      .Execute(kInsertProvider, Params().Add(tenant).Add(provider.id()).Add(postgres::Jsonb{json}))
      .status();
}

absl::StatusOr<Provider> LoadProvider(Connection& connection, TenantId tenant,
                                      const std::string& id, ProviderLock lock) {
  ASSIGN_OR_RETURN(const Result rows,
                   connection.Execute(lock == ProviderLock::kNone ? kLoadProvider : kLockProvider,
                                      Params().Add(tenant).Add(id)));
  if (rows.rows() == 0) return absl::NotFoundError("there is no such provider");
  return ReadRow(rows, 0);
}

absl::StatusOr<std::vector<Provider>> ListProviders(Connection& connection, TenantId tenant,
                                                    const std::string& after,
                                                    const ReleaseIds& release,
                                                    const ProviderQuery& query, int limit) {
  ASSIGN_OR_RETURN(const Result rows, connection.Execute(kListProviders, Params()
                                                                             .Add(tenant)
                                                                             .Add(after)
                                                                             .Add(ArrayOf(release))
                                                                             .Add(query.category)
                                                                             .Add(query.auth_type)
                                                                             .Add(int64_t{limit})));
  std::vector<Provider> providers;
  for (int r = 0; r < rows.rows(); ++r) {
    ASSIGN_OR_RETURN(Provider provider, ReadRow(rows, r));
    providers.push_back(std::move(provider));
  }
  return providers;
}

absl::StatusOr<int64_t> CountProviders(Connection& connection, TenantId tenant,
                                       const ReleaseIds& release, const ProviderQuery& query) {
  ASSIGN_OR_RETURN(
      const Result row,
      connection.Execute(
          kCountProviders,
          Params().Add(tenant).Add(ArrayOf(release)).Add(query.category).Add(query.auth_type)));
  return row.Get<int64_t>(0, 0);
}

absl::Status UpdateProvider(Connection& connection, TenantId tenant, const Provider& provider) {
  ASSIGN_OR_RETURN(const std::string json, ToJson(provider));
  return connection
      .Execute(kUpdateProvider, Params().Add(tenant).Add(provider.id()).Add(postgres::Jsonb{json}))
      .status();
}

absl::StatusOr<bool> DeleteProvider(Connection& connection, TenantId tenant,
                                    const std::string& id) {
  ASSIGN_OR_RETURN(const Result result,
                   connection.Execute(kDeleteProvider, Params().Add(tenant).Add(id)));
  return result.affected_rows() > 0;
}

}  // namespace penstock::connector::storage

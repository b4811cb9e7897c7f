// Providers that tenants added. The message is what is kept, as JSON.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"
#include "penstock/connector/v1/provider.pb.h"

namespace penstock::connector::storage {

using ReleaseIds = std::set<std::string, std::less<>>;

struct ProviderQuery {
  std::string category = {};   // empty: any
  std::string auth_type = {};  // empty: any
};

enum class ProviderLock { kNone, kForChange };

// One at a time adds a provider to a tenant, until its transaction ends.
absl::Status LockProviders(postgres::Connection& connection, TenantId tenant);
// ALREADY_EXISTS names the constraint "providers_pkey".
absl::Status InsertProvider(postgres::Connection& connection, TenantId tenant,
                            const connector::v1::Provider& provider);
// With origin and times. NOT_FOUND when the tenant added no such provider.
absl::StatusOr<connector::v1::Provider> LoadProvider(postgres::Connection& connection,
                                                     TenantId tenant, const std::string& id,
                                                     ProviderLock lock);
// By id, those after `after` whose ids the release does not have.
absl::StatusOr<std::vector<connector::v1::Provider>> ListProviders(
    postgres::Connection& connection, TenantId tenant, const std::string& after,
    const ReleaseIds& release, const ProviderQuery& query, int limit);
absl::StatusOr<int64_t> CountProviders(postgres::Connection& connection, TenantId tenant,
                                       const ReleaseIds& release, const ProviderQuery& query);
absl::Status UpdateProvider(postgres::Connection& connection, TenantId tenant,
                            const connector::v1::Provider& provider);
// False when there was none.
absl::StatusOr<bool> DeleteProvider(postgres::Connection& connection, TenantId tenant,
                                    const std::string& id);

}  // namespace penstock::connector::storage

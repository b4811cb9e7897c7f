// The making and removing of tenants. All of it as the admin role, which sees every tenant.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"
#include "services/interfaces/storage/own_tenant.h"

namespace penstock::interfaces {

// How far the making or removing of a tenant is, by the names of tenancy.tenant_lifecycles.
struct Lifecycle {
  std::string state = {};
  std::optional<ExecutionId> operation = {};  // the one that suspended it
  std::string previous_status = {};           // what it was before; empty when it is not suspended
};

struct TenantFilter {
  std::string status = {}, slug = {};  // empty = any
};

namespace storage {

// Until the end of the transaction no other step of the tenant's making or removing runs. A tenant
// without a row yet gets one in `state_if_new`.
absl::StatusOr<Lifecycle> LockLifecycle(postgres::Connection& connection, TenantId tenant,
                                        std::string_view state_if_new);
absl::Status PutLifecycle(postgres::Connection& connection, TenantId tenant,
                          const Lifecycle& lifecycle);

// PENDING; nothing changes when it is there already. ALREADY_EXISTS names the constraint
// "tenants_slug_unique".
absl::Status InsertTenant(postgres::Connection& connection, const Tenant& tenant,
                          const std::string& checkout_session_id);
absl::StatusOr<std::optional<TenantId>> FindTenantBySlug(postgres::Connection& connection,
                                                         const std::string& slug);
absl::Status SetTenantStatus(postgres::Connection& connection, TenantId tenant,
                             std::string_view status);
// With all that refers to it.
absl::Status DeleteTenant(postgres::Connection& connection, TenantId tenant);
// The default project and its task queue, settings; and the company unless its name is empty. Safe
// to repeat.
absl::Status SetUpTenant(postgres::Connection& connection, TenantId tenant, absl::Time now);
absl::Status SetUpCompany(postgres::Connection& connection, TenantId tenant,
                          const std::string& name);
absl::Status RevokeSessionsOfTenant(postgres::Connection& connection, TenantId tenant,
                                    absl::Time now);
// Some of the tenant's rows, about `some` of each kind; whether there may be more.
absl::StatusOr<bool> PurgeTenant(postgres::Connection& connection, TenantId tenant, int some);

// Newest first, without settings.
absl::StatusOr<std::vector<Tenant>> ListTenants(postgres::Connection& connection,
                                                const TenantFilter& filter,
                                                std::optional<TenantId> before, int limit);
absl::StatusOr<int64_t> CountTenants(postgres::Connection& connection, const TenantFilter& filter);

}  // namespace storage
}  // namespace penstock::interfaces

#include "services/interfaces/storage/lifecycle.h"

#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/interfaces/storage/queries.h"

namespace penstock::interfaces::storage {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;

std::optional<std::string_view> OrNull(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

}  // namespace

absl::StatusOr<Lifecycle> LockLifecycle(Connection& connection, TenantId tenant,
                                        std::string_view state_if_new) {
  RETURN_IF_ERROR(
      connection.Execute(kNoteLifecycle, Params().Add(tenant).Add(state_if_new)).status());
  ASSIGN_OR_RETURN(const Result row, connection.Execute(kLockLifecycle, Params().Add(tenant)));
  if (row.rows() == 0) return absl::AbortedError("the tenant's lifecycle row has gone");
  return Lifecycle{.state = row.Get<std::string>(0, 0),
                   .operation = row.Get<std::optional<ExecutionId>>(0, 1),
                   .previous_status = row.Get<std::optional<std::string>>(0, 2).value_or("")};
}

absl::Status PutLifecycle(Connection& connection, TenantId tenant, const Lifecycle& lifecycle) {
  return connection
      .Execute(kPutLifecycle, Params()
                                  .Add(tenant)
                                  .Add(lifecycle.state)
                                  .Add(lifecycle.operation)
                                  .Add(OrNull(lifecycle.previous_status)))
      .status();
}

absl::Status InsertTenant(Connection& connection, const Tenant& tenant,
                          const std::string& checkout_session_id) {
  return connection
      .Execute(kInsertTenant, Params()
                                  .Add(tenant.id)
                                  .Add(tenant.slug)
                                  .Add(tenant.name)
                                  .Add(tenant.email)
                                  .Add(tenant.plan)
                                  .Add(OrNull(checkout_session_id)))
      .status();
}

absl::StatusOr<std::optional<TenantId>> FindTenantBySlug(Connection& connection,
                                                         const std::string& slug) {
  ASSIGN_OR_RETURN(const Result row, connection.Execute(kFindTenantBySlug, Params().Add(slug)));
  if (row.rows() == 0) return std::nullopt;
  return std::optional(row.Get<TenantId>(0, 0));
}

absl::Status SetTenantStatus(Connection& connection, TenantId tenant, std::string_view status) {
  return connection.Execute(kSetTenantStatus, Params().Add(tenant).Add(status)).status();
}

absl::Status DeleteTenant(Connection& connection, TenantId tenant) {
  return connection.Execute(kDeleteTenant, Params().Add(tenant)).status();
}

absl::Status SetUpTenant(Connection& connection, TenantId tenant, absl::Time now) {
  return connection
      .Execute(kSetUpTenant,
               Params().Add(tenant).Add(ProjectId::Make(now)).Add(Uuid::MakeV7(now)))
      .status();
}

absl::Status SetUpCompany(Connection& connection, TenantId tenant, const std::string& name) {
  // The tenant's own id: there is one such company, however often this runs.
  return connection.Execute(kSetUpCompany, Params().Add(tenant).Add(tenant.uuid()).Add(name))
      .status();
}

absl::Status RevokeSessionsOfTenant(Connection& connection, TenantId tenant, absl::Time now) {
  return connection.Execute(kRevokeSessionsOfTenant, Params().Add(tenant).Add(now)).status();
}

absl::StatusOr<bool> PurgeTenant(Connection& connection, TenantId tenant, int some) {
  ASSIGN_OR_RETURN(const Result row,
                   connection.Execute(kPurgeTenant, Params().Add(tenant).Add(int32_t{some})));
  return row.Get<bool>(0, 0);
}

absl::StatusOr<std::vector<Tenant>> ListTenants(Connection& connection, const TenantFilter& filter,
                                                std::optional<TenantId> before, int limit) {
  ASSIGN_OR_RETURN(const Result rows, connection.Execute(kListTenants, Params()
                                                                           .Add(before)
                                                                           .Add(OrNull(filter.status))
                                                                           .Add(OrNull(filter.slug))
                                                                           .Add(int64_t{limit})));
  std::vector<Tenant> tenants;
  for (int r = 0; r < rows.rows(); ++r) {
    tenants.push_back({.id = rows.Get<TenantId>(r, 0),
                       .slug = rows.Get<std::string>(r, 1),
                       .name = rows.Get<std::string>(r, 2),
                       .email = rows.Get<std::optional<std::string>>(r, 3).value_or(""),
                       .plan = rows.Get<std::string>(r, 4),
                       .status = rows.Get<std::string>(r, 5),
                       .created_at = rows.Get<absl::Time>(r, 6),
                       .updated_at = rows.Get<absl::Time>(r, 7)});
  }
  return tenants;
}

absl::StatusOr<int64_t> CountTenants(Connection& connection, const TenantFilter& filter) {
  ASSIGN_OR_RETURN(const Result row,
                   connection.Execute(kCountTenants,
                                      Params().Add(OrNull(filter.status)).Add(OrNull(filter.slug))));
  return row.Get<int64_t>(0, 0);
}

}  // namespace penstock::interfaces::storage

// The audit log of a tenant.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/audit_chain/chain.h"
#include "libs/audit_log/append.h"
#include "libs/postgres/connection.h"
#include "services/interfaces/domain/audit_chain.h"

namespace penstock::interfaces {

struct AuditFilter {
  std::string action = {}, resource_type = {}, resource_id = {};  // empty = any
  std::optional<UserId> actor_user = {};
  std::optional<absl::Time> start_time = {}, end_time = {};
};

namespace storage {

using audit_log::AppendAudit;
using audit_log::AuditEntry;

absl::StatusOr<std::vector<AuditRow>> ListAudit(postgres::Connection& connection, TenantId tenant,
                                                const AuditFilter& filter,
                                                std::optional<int64_t> before, int limit);
absl::StatusOr<int64_t> CountAudit(postgres::Connection& connection, TenantId tenant,
                                   const AuditFilter& filter);
// Oldest first, from behind `after` on.
absl::StatusOr<std::vector<AuditRow>> ReadAuditChain(postgres::Connection& connection,
                                                     TenantId tenant, int64_t after, int limit);
absl::StatusOr<audit_chain::Head> LoadAuditHead(postgres::Connection& connection, TenantId tenant);

}  // namespace storage
}  // namespace penstock::interfaces

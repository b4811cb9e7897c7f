#include "services/interfaces/domain/audit_chain.h"

#include "libs/audit_chain/chain.h"

namespace penstock::interfaces {
namespace {

template <typename Id>
std::string TextOf(const std::optional<Id>& id) {
  return id ? id->ToString() : "";
}

}  // namespace

std::string HashAuditRow(TenantId tenant, const AuditRow& row) {
  return audit_chain::RowHash(row.previous_hash)
      .Add(tenant.ToString())
      .Add(std::to_string(row.sequence))
      .Add(std::to_string(absl::ToUnixMicros(row.occurred_at)))
      .Add(TextOf(row.actor_user))
      .Add(TextOf(row.actor_api_key))
      .Add(row.actor_service)
      .Add(row.action)
      .Add(row.resource_type)
      .Add(row.resource_id)
      .Add(row.details)
      .Add(row.request_id)
      .Finish();
}

}  // namespace penstock::interfaces

#include "services/interfaces/domain/audit_chain.h"

#include <string_view>

#include "libs/crypto/hash.h"

namespace penstock::interfaces {
namespace {

void AppendField(std::string& text, std::string_view value) {
  const auto size = static_cast<uint32_t>(value.size());
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(size >> shift);
  text += value;
}

template <typename Id>
std::string TextOf(const std::optional<Id>& id) {
  return id ? id->ToString() : "";
}

}  // namespace

std::string HashAuditRow(TenantId tenant, const AuditRow& row) {
  std::string text = row.previous_hash;
  AppendField(text, tenant.ToString());
  AppendField(text, std::to_string(row.sequence));
  AppendField(text, std::to_string(absl::ToUnixMicros(row.occurred_at)));
  AppendField(text, TextOf(row.actor_user));
  AppendField(text, TextOf(row.actor_api_key));
  AppendField(text, row.actor_service);
  AppendField(text, row.action);
  AppendField(text, row.resource_type);
  AppendField(text, row.resource_id);
  AppendField(text, row.details);
  AppendField(text, row.request_id);
  return crypto::Sha256(text);
}

std::string AuditChain::Add(const AuditRow& row) {
  if (row.sequence != length_ + 1) return "rows before it are missing";
  if (row.previous_hash != last_hash_) return "it does not follow the row before it";
  if (row.hash != HashAuditRow(tenant_, row)) return "it is not as it was written";
  ++length_;
  last_hash_ = row.hash;
  return "";
}

}  // namespace penstock::interfaces

// A row of the audit log and its hash, computed apart from the database that wrote it
// (tenancy.chain_audit_row in migration 0004). libs/audit_chain follows the chain.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "libs/ids/uuid.h"

namespace penstock::interfaces {

struct AuditRow {
  int64_t sequence = 0;
  absl::Time occurred_at = {};
  std::optional<UserId> actor_user = {};
  std::optional<ApiKeyId> actor_api_key = {};
  std::string actor_service = {};
  std::string action = {};  // "user.created"
  std::string resource_type = {};
  std::string resource_id = {};
  std::string details = {};  // a JSON object, as the database writes it
  std::string request_id = {};
  std::string previous_hash = {};  // 32 bytes
  std::string hash = {};           // 32 bytes
};

// SHA-256 over the hash before and every field with its length in front.
std::string HashAuditRow(TenantId tenant, const AuditRow& row);

}  // namespace penstock::interfaces

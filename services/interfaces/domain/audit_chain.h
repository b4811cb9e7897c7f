// The audit log's chain of hashes, computed apart from the database that wrote it
// (tenancy.chain_audit_row in migration 0004).
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

// Follows a tenant's rows from the first on.
class AuditChain {
 public:
  explicit AuditChain(TenantId tenant) : tenant_(tenant) {}

  // What is wrong with the next row, or empty. Nothing is added after a row that is wrong.
  std::string Add(const AuditRow& row);

  int64_t length() const { return length_; }
  const std::string& last_hash() const { return last_hash_; }

 private:
  const TenantId tenant_;
  int64_t length_ = 0;
  std::string last_hash_ = std::string(32, '\0');
};

}  // namespace penstock::interfaces

// The record of uses, read back.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/audit_chain/chain.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"

namespace penstock::connector {

struct UseRecord {
  int64_t sequence = 0;
  absl::Time occurred_at = {};
  std::string event = {};  // "opened", "refused", "outcome"
  Uuid use_id = {};
  std::string owner_kind = {};
  Uuid owner_id = {};
  std::string fields = {}, value_versions = {};  // joined by commas
  std::string purpose = {}, target_host = {}, execution_id = {};
  std::optional<UserId> user = {};
  std::optional<ApiKeyId> api_key = {};
  std::string service = {}, request_id = {}, result = {};
  int32_t http_status = 0;
  std::string previous_hash = {}, hash = {};  // 32 bytes each
};

// A use with what became of it.
struct RecordedUse {
  UseRecord record;
  std::optional<std::string> outcome;  // none: nobody knows
  int32_t http_status = 0;
  std::optional<absl::Time> ended_at;
};

struct UseFilter {
  std::optional<Uuid> owner = {};
  std::string purpose = {}, execution_id = {};  // empty = any
  std::optional<absl::Time> start_time = {}, end_time = {};
};

// As connector.append_credential_audit in migration 0007 computes it.
std::string HashUseRecord(TenantId tenant, const UseRecord& record);

// Newest first, each with its last outcome.
absl::StatusOr<std::vector<RecordedUse>> ListUses(postgres::Connection& connection, TenantId tenant,
                                                  const UseFilter& filter,
                                                  std::optional<int64_t> before, int limit);
absl::StatusOr<int64_t> CountUses(postgres::Connection& connection, TenantId tenant,
                                  const UseFilter& filter);
// Follows the tenant's chain from its first row on.
absl::StatusOr<audit_chain::Verdict> VerifyUses(postgres::Connection& connection, TenantId tenant,
                                                const std::function<bool()>& is_too_late);

}  // namespace penstock::connector

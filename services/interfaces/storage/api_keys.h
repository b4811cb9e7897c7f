// API keys of a tenant, without the keys themselves.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/auth/role.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"
#include "services/interfaces/storage/projects.h"

namespace penstock::interfaces {

struct ApiKey {
  ApiKeyId id = {};
  TenantId tenant = {};
  std::string name = {};
  std::string prefix = {};
  auth::Role role = auth::Role::kViewer;
  std::optional<ProjectId> project = {};
  std::optional<UserId> user = {};
  std::optional<absl::Time> expires_at = {}, revoked_at = {}, last_used_at = {};
  absl::Time created_at = {};
  std::optional<ApiKeyId> replaced_by = {};
};

struct ApiKeyFilter {
  std::optional<ProjectId> project = {};
  bool show_ended = false;
};

namespace storage {

// `hash`: 32 bytes. FAILED_PRECONDITION names the foreign key when there is no such project.
absl::StatusOr<ApiKey> InsertApiKey(postgres::Connection& connection, const ApiKey& key,
                                    const std::string& hash);
// NOT_FOUND when the tenant has no such key.
absl::StatusOr<ApiKey> LoadApiKey(postgres::Connection& connection, TenantId tenant, ApiKeyId id,
                                  Lock lock);
absl::StatusOr<std::vector<ApiKey>> ListApiKeys(postgres::Connection& connection, TenantId tenant,
                                                const ApiKeyFilter& filter,
                                                std::optional<ApiKeyId> before, int limit);
absl::StatusOr<int64_t> CountApiKeys(postgres::Connection& connection, TenantId tenant,
                                     const ApiKeyFilter& filter);
// Writes revoked_at, expires_at and replaced_by.
absl::StatusOr<ApiKey> EndApiKey(postgres::Connection& connection, const ApiKey& key);
// Those that may do more than `above`; all without one. How many there were.
absl::StatusOr<int64_t> RevokeApiKeysOfUser(postgres::Connection& connection, TenantId tenant,
                                            UserId user, std::optional<auth::Role> above,
                                            absl::Time now);

}  // namespace storage
}  // namespace penstock::interfaces

// What the platform's operators can ask about keys, and have done to them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/auth/call_context.h"
#include "libs/clock/clock.h"
#include "libs/paging/paging.h"
#include "libs/postgres/pool.h"
#include "services/connector/keys/key_rotation.h"
#include "services/connector/keys/root_keyring.h"
#include "services/connector/keys/tenant_keys.h"

namespace penstock::connector {

// Owned by App; all outlive it.
struct KeyContext {
  postgres::Pool& admin_pool;  // keys of all tenants: the admin role's
  const RootKeyring& roots;
  TenantKeys& keys;
  const Clock& clock;
  std::function<void()> wake_rotator;  // a rotation was started
};

struct RootKeyStatus {
  std::string id, state;
  int64_t tenant_keys = 0;
  bool is_at_hand = false;
  absl::Time created_at = {};
};

struct TenantKeyStatus {
  int32_t version = 0;
  std::string root_key_id, state;
  int64_t values = 0;
  absl::Time created_at = {};
};

struct KeyStatus {
  std::vector<RootKeyStatus> root_keys;
  std::vector<TenantKeyStatus> tenant_keys;
  int64_t active = 0, decrypt_only = 0, destroyed = 0, sealed_values = 0;
  TenantKeys::Status cache;
};

struct RotationRequest {
  std::string level;
  std::optional<TenantId> of_tenant;
  bool destroy_previous = false;
};

absl::StatusOr<KeyStatus> GetKeyStatus(const KeyContext& context, std::optional<TenantId> tenant);
// FAILED_PRECONDITION (ROTATION_RUNNING) while another runs; NOT_FOUND: no such tenant.
absl::StatusOr<KeyRotation> StartKeyRotation(const KeyContext& context,
                                             const auth::CallContext& caller,
                                             const RotationRequest& request);
absl::StatusOr<KeyRotation> GetKeyRotation(const KeyContext& context, Uuid id);
absl::StatusOr<paging::Page<KeyRotation>> ListKeyRotations(const KeyContext& context,
                                                           int32_t page_size,
                                                           const std::string& page_token);
// FAILED_PRECONDITION (ROTATION_ENDED) when it does not run any more.
absl::StatusOr<KeyRotation> CancelKeyRotation(const KeyContext& context,
                                              const auth::CallContext& caller, Uuid id,
                                              const std::string& reason);
// `confirmation` is the tenant's slug. All its secrets are unreadable when this returns.
absl::StatusOr<KeyRotation> DestroyTenantKeys(const KeyContext& context,
                                              const auth::CallContext& caller, TenantId tenant,
                                              const std::string& confirmation);

}  // namespace penstock::connector

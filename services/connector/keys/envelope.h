// A secret at rest: sealed under a data key of its own, which is wrapped under the tenant's key.
//
//   magic "PS" 2 | format 1 | algorithm 1 | tenant 16 | tenant key version 4 (big-endian)
//   | wrapped data key 72 (nonce 24, key 32, tag 16) | nonce 24 | ciphertext | tag 16
//
// Both layers are bound to whose value it is: tenant, owner, field, version. The inner one is not
// bound to the tenant key, so that a data key is wrapped anew without its value being opened.
//
// Whoever links this can open values: see the visibility of its target.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/crypto/secret.h"
#include "libs/ids/uuid.h"
#include "services/connector/keys/tenant_key.h"

namespace penstock::connector::envelope {

inline constexpr size_t kMaxValueBytes = 64 << 10;
inline constexpr size_t kOverheadBytes = 136;

// Whose value it is.
struct Place {
  TenantId tenant;
  std::string_view owner_kind;  // "connector"
  Uuid owner;
  std::string_view field;  // "api_key"
  int64_t value_version = 0;
};

// INVALID_ARGUMENT for an empty value and for one above the limit.
absl::StatusOr<std::string> Seal(const TenantKey& key, const Place& place,
                                 std::string_view plaintext);

// The version of the tenant key that it takes. DATA_LOSS when it is not in the format or another
// tenant's.
absl::StatusOr<int32_t> KeyVersionOf(std::string_view sealed, TenantId tenant);

// DATA_LOSS when it was changed, moved, or sealed under another key.
absl::StatusOr<crypto::Secret> Open(const TenantKey& key, const Place& place,
                                    std::string_view sealed);

// The same value with its data key wrapped under `to`. Errors as Open.
absl::StatusOr<std::string> Rewrap(const TenantKey& from, const TenantKey& to, const Place& place,
                                   std::string_view sealed);

}  // namespace penstock::connector::envelope

// Authenticated encryption with a key of one's own: XChaCha20-Poly1305, by libsodium. Knows nothing
// of key ids, versions or formats: sealer.h and services/connector/keys/envelope.h do.
//
// This cipher does not commit to its key: name the key beside the ciphertext and try no other.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/crypto/secret.h"

namespace penstock::crypto {

inline constexpr size_t kAeadKeyBytes = 32;
// What sealing adds: a random nonce of 24 bytes in front, a tag of 16 behind.
inline constexpr size_t kAeadOverhead = 24 + 16;

// A key of another size is a programmer error and aborts.
std::string AeadSeal(const Secret& key, std::string_view plaintext, std::string_view associated);
// DATA_LOSS when the key or `associated` are not those of sealing, or a bit was changed.
absl::StatusOr<Secret> AeadOpen(const Secret& key, std::string_view sealed,
                                std::string_view associated);

// Parts of associated data, each with its length in front: ("ab", "c") is not ("a", "bc").
std::string JoinAssociated(std::initializer_list<std::string_view> parts);

}  // namespace penstock::crypto

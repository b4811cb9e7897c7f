// A root key of 32 bytes in our own memory, from a file, the environment or wherever the secrets
// chain finds it.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "services/connector/keys/root_key.h"

namespace penstock::connector {

// `text` is 32 raw bytes or their base64; INVALID_ARGUMENT for anything else.
absl::StatusOr<std::unique_ptr<RootKey>> CreateLocalRootKey(const crypto::Secret& text);

// Several in base64, separated by commas; none for an empty text.
absl::StatusOr<std::vector<std::unique_ptr<RootKey>>> CreateLocalRootKeys(
    const crypto::Secret& text);

}  // namespace penstock::connector

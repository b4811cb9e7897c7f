// Symmetric keys, which vendors hand out as they are or as text that stands for bytes.
#pragma once

#include <string_view>

#include "libs/crypto/secret.h"
#include "services/connector/auth/config_reader.h"
#include "services/connector/auth/strategy.h"

namespace penstock::connector {

enum class KeyEncoding { kRaw, kBase64, kHex };

// "raw" unless the member `key_encoding` says otherwise.
KeyEncoding ReadKeyEncoding(const ConfigReader& config);

// The bytes of a credential. CREDENTIAL_INVALID when it is empty or not so encoded. Base64 may be
// of either alphabet and lack its padding.
absl::StatusOr<crypto::Secret> KeyBytes(const Credentials& credentials, std::string_view field,
                                        KeyEncoding encoding);

}  // namespace penstock::connector

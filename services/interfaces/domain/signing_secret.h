// What a signing secret may be called and may be.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace penstock::interfaces {

// 1 to 64 letters, digits, '_' and '-'.
bool IsSigningSecretName(std::string_view name);

// A new secret in the form of Standard Webhooks: "whsec_" and 32 random bytes in base64.
std::string MakeSigningSecret();

// OK for a secret that somebody else made: 8 to 1024 printable characters, and what says "whsec_"
// must be what it says (24 to 64 bytes in base64). The message never holds the secret.
absl::Status CheckSigningSecret(std::string_view value);

}  // namespace penstock::interfaces

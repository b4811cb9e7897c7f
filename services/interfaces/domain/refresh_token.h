// Refresh tokens as text: "rt_" and tenant, session and 32 secret bytes in base64url. Tenant and
// session only say where to look: without the secret, of which the hash is stored, they are good
// for nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/ids/uuid.h"

namespace penstock::interfaces {

using SessionId = TypedId<struct SessionTag>;

struct RefreshToken {
  TenantId tenant = {};
  SessionId session = {};
  std::string secret = {};  // 32 bytes
};

std::string FormatRefreshToken(const RefreshToken& token);
// None when it has not exactly the form.
std::optional<RefreshToken> ParseRefreshToken(std::string_view text);

// What is stored of a token: 32 bytes.
std::string HashOf(const RefreshToken& token);

// A session's first token.
RefreshToken MakeRefreshToken(TenantId tenant, SessionId session);

// The token that takes `used`'s place. It is made of the used one, a salt that only the database
// has and the caller's own id of the request, so that the same request can be answered again, and
// neither the database nor the used token alone is enough to make it.
RefreshToken SuccessorOf(const RefreshToken& used, std::string_view salt,
                         std::string_view request_id);

}  // namespace penstock::interfaces

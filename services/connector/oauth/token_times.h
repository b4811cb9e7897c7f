// When a token ends and when the next one is due. Pure: times in, times out, all of the database's
// clock.
#pragma once

#include <optional>

#include "absl/time/time.h"
#include "services/connector/auth/oauth2/oauth2_config.h"
#include "services/connector/oauth/grant.h"
#include "services/connector/oauth/token_answer.h"

namespace penstock::connector {

struct TokenTimes {
  std::optional<absl::Time> access_expires_at = {};  // none = not known
  std::optional<absl::Time> refresh_at = {};         // none = when a third party refuses the token
  std::optional<absl::Time> refresh_idle_expires_at = {}, refresh_absolute_expires_at = {};
};

enum class Obtained { kByAuthorization, kByRefresh };

// Of an answer to a request that was sent at `sent_at`: lifetimes are counted from then, which is
// never later than when the provider counts from. `jitter` of [0, 1) spreads grants that were made
// together.
TokenTimes TimesOf(const OAuth2Config& config, const Grant& grant, const TokenAnswer& answer,
                   Obtained obtained, absl::Time sent_at, double jitter);

// Whether new tokens come without anybody's consent and without a refresh token.
bool IsUnattended(const OAuth2Config& config);

}  // namespace penstock::connector

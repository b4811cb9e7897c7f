// The auth_config that a grant's tokens are asked for with.
#pragma once

#include "absl/status/statusor.h"
#include "services/connector/auth/oauth2/oauth2_config.h"
#include "services/connector/oauth/grant.h"

namespace penstock::connector {

// That of the consent, which a later change of the connector does not touch: a refresh token goes
// where it came from. Where nobody consents, the connector's as it is now.
absl::StatusOr<OAuth2Config> ReadConfig(const Grant& grant);
absl::StatusOr<OAuth2Config> ParseOAuth2Config(const std::string& json);

}  // namespace penstock::connector

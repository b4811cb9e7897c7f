// Why a grant has no token to give, as callers are told. Reasons (libs/status/details.h) are
// "GRANT_..." when somebody has to act on the grant, "TOKEN_..." with the failure's class
// otherwise.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "services/connector/auth/oauth2/oauth2_config.h"
#include "services/connector/oauth/failure_class.h"
#include "services/connector/oauth/grant.h"

namespace penstock::connector {

// OK when the grant may have or get a token. FAILED_PRECONDITION otherwise: GRANT_PENDING,
// NEEDS_REAUTH (metadata: class), GRANT_DISABLED.
absl::Status CheckLive(const Grant& grant, const OAuth2Config& config);

// Of a grant that rests after a failure, or whose last request ended without a token.
absl::Status LastErrorOf(const Grant& grant);

absl::Status StatusOf(const TokenFailure& failure);

std::optional<FailureClass> LastClass(const Grant& grant);

}  // namespace penstock::connector

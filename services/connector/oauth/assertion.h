// Signed assertions (RFC 7523): who the client is, and on whose behalf a token is asked for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/connector/auth/oauth2/oauth2_config.h"

namespace penstock::connector {

// `private_key` is PEM. FAILED_PRECONDITION (CREDENTIAL_INVALID) for one that does not fit the
// algorithm; nothing of it is in the error.
absl::StatusOr<std::string> MakeClientAssertion(const OAuth2Config& config,
                                                std::string_view private_key, absl::Time now,
                                                std::string_view unique);
absl::StatusOr<std::string> MakeGrantAssertion(const OAuth2Config& config,
                                               const std::vector<std::string>& scopes,
                                               std::string_view private_key, absl::Time now,
                                               std::string_view unique);

}  // namespace penstock::connector

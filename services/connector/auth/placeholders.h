// A request as a dry run shows it: where secrets go, not what they are. None is opened for it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/connector/auth/strategy.h"

namespace penstock::connector {

// "{{secret.api_key}}".
std::string Placeholder(std::string_view field);

// "{{HMAC-SHA256 by secret.signing_secret}}": what a strategy would compute with a secret.
std::string ComputedPlaceholder(std::string_view what, std::string_view field);

// A placeholder for each field; for AuthInputs with Writing::kShown.
Credentials PlaceholderCredentials(const std::vector<std::string>& fields);

// Those that a connector with this config has: required ones, optional ones that it
// holds, and the access token that a grant would bring.
std::vector<std::string> FieldsToShow(const AuthStrategy& strategy, const Json& config,
                                      const std::vector<std::string>& held_fields);

}  // namespace penstock::connector

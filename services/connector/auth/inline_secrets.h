// Finds secrets where there should be none: an auth_config is stored in the clear, shown and
// logged.
#pragma once

#include <vector>

#include "libs/status/details.h"
#include "nlohmann/json.hpp"

namespace penstock::connector {

// Adds a violation for each member that is called like a secret ("client_secret", "X-Api-Key") and
// holds something but {{secret.NAME}}, and for each text that looks like one whatever it is called:
// a PEM key, a token with a vendor's prefix, a JWT, a URL with a password. The violation never
// holds the value.
void CheckNoInlineSecrets(const nlohmann::json& config, std::vector<FieldViolation>& wrong);

}  // namespace penstock::connector

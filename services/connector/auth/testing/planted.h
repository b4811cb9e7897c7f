// Secrets that can be told from everything else, to look for where none should be.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "services/connector/auth/strategy.h"

namespace penstock::connector {

using Secrets = std::map<std::string, std::string>;

// One for each field of a connector with this config, and an access token if it takes one: keys
// that fit the algorithm, a certificate that is valid at `now`, else "PLANTED-<field>-7f3a9c"
// encoded as the config says.
Secrets PlantSecrets(const AuthStrategy& strategy, const Json& config, absl::Time now);

// What of a secret must be nowhere: itself, and each line of it.
std::vector<std::string> NeedlesOf(const Secrets& secrets);

// Everything of a request in one text.
std::string Described(const egress::HttpRequest& request);

}  // namespace penstock::connector

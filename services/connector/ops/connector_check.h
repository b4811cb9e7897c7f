// What a connector must be like to be stored.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "libs/crypto/secret.h"
#include "libs/egress/guard.h"
#include "libs/status/details.h"
#include "services/connector/auth/registry.h"
#include "services/connector/domain/connector.h"

namespace penstock::connector {

// Values to enter, by the name of the secret.
using SecretValues = std::map<std::string, crypto::Secret>;

// Adds everything that is wrong, with fields of "connector.".
void CheckConnector(const Connector& connector, const AuthStrategies& strategies,
                    egress::PlainHttp plain_http, std::vector<FieldViolation>& wrong);

// Adds a violation of `secrets["x"]` for every value that the connector does not take, that is
// empty or longer than 64 KiB, or that its strategy can't use. `connector` has passed
// CheckConnector. Never holds a value.
void CheckSecrets(const Connector& connector, const AuthStrategies& strategies,
                  const SecretValues& secrets, absl::Time now, std::vector<FieldViolation>& wrong);

// Where the secrets of a connector go. They are entered anew when it changes.
std::set<std::string> DestinationsOf(const Connector& connector, const AuthStrategies& strategies);

}  // namespace penstock::connector

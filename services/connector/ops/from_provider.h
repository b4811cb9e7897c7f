// Filling in what a provider of the catalogue knows.
#pragma once

#include <map>
#include <string>

#include "absl/status/status.h"
#include "penstock/connector/v1/provider.pb.h"
#include "services/connector/domain/connector.h"

namespace penstock::connector {

// Sets what `connector` leaves empty: display name, service_name, base URL, allowed hosts, auth
// type and config. Members that it has of auth_config stay. INVALID_ARGUMENT names what can't be: a
// variable that is missing or wrong, an auth type that the provider has not.
absl::Status FillFromProvider(const connector::v1::Provider& provider,
                              const std::map<std::string, std::string>& variables,
                              Connector& connector);

}  // namespace penstock::connector

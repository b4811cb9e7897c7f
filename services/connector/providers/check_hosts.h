// Hosts, variables and the base URL: where requests may go.
#pragma once

#include <string>

#include "penstock/connector/v1/provider.pb.h"
#include "services/connector/providers/problems.h"

namespace penstock::connector {

void CheckHosts(const connector::v1::Provider& provider, Problems& problems);
// Public names only, and no wildcard over names that anybody can register.
void CheckTenantHosts(const connector::v1::Provider& provider, Problems& problems);
void CheckVariables(const connector::v1::Provider& provider, Problems& problems);
void CheckBaseUrl(const connector::v1::Provider& provider, Problems& problems);

// A URL with variables: its form, that each variable is declared and of the kind for its place, and
// that every URL it can become is on the provider's hosts.
void CheckUrl(const connector::v1::Provider& provider, const std::string& url,
              std::string_view field, Problems& problems);

}  // namespace penstock::connector

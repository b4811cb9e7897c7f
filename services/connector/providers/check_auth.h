// The ways to authenticate: that each config has what its auth strategy knows, and no secret.
#pragma once

#include "penstock/connector/v1/provider.pb.h"
#include "services/connector/providers/problems.h"

namespace penstock::connector {

void CheckAuth(const connector::v1::Provider& provider, Problems& problems);

}  // namespace penstock::connector

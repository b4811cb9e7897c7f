// What a provider is called and how it is described.
#pragma once

#include "penstock/connector/v1/provider.pb.h"
#include "services/connector/providers/problems.h"

namespace penstock::connector {

void CheckDescription(const connector::v1::Provider& provider, Problems& problems);

}  // namespace penstock::connector

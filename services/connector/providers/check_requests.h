// The test request and the headers that go with every request.
#pragma once

#include "penstock/connector/v1/provider.pb.h"
#include "services/connector/providers/problems.h"

namespace penstock::connector {

void CheckTestRequest(const connector::v1::Provider& provider, Problems& problems);
void CheckHeaders(const connector::v1::Provider& provider, Problems& problems);

}  // namespace penstock::connector

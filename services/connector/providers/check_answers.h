// How answers and webhooks are read: pages, limits, signatures.
#pragma once

#include "penstock/connector/v1/provider.pb.h"
#include "services/connector/providers/problems.h"

namespace penstock::connector {

void CheckPagination(const connector::v1::Provider& provider, Problems& problems);
void CheckRateLimit(const connector::v1::Provider& provider, Problems& problems);
void CheckWebhook(const connector::v1::Provider& provider, Problems& problems);

}  // namespace penstock::connector

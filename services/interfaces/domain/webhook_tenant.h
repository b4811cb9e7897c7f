// A tenant as the webhook door needs it.
#pragma once

#include <memory>

#include "libs/ids/uuid.h"
#include "services/interfaces/domain/rate_limiter.h"

namespace penstock::interfaces {

struct WebhookTenant {
  TenantId id;
  // Shared by everything that names the tenant, and kept when it is looked up again. Null = no
  // limit.
  std::shared_ptr<RateLimiter> limiter;
};

}  // namespace penstock::interfaces

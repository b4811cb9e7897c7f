// A tenant's key, unwrapped. Wraps the data keys of the tenant's values and nothing else.
#pragma once

#include <cstdint>

#include "libs/crypto/secret.h"
#include "libs/ids/uuid.h"

namespace penstock::connector {

struct TenantKey {
  TenantId tenant;
  int32_t version = 0;
  crypto::Secret bytes;  // 32
};

}  // namespace penstock::connector

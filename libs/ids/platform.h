// The tenant that Penstock itself is: it owns the workflows that make and remove tenants. Its people are the platform's operators.
#pragma once

#include "libs/ids/uuid.h"

namespace penstock {

// 00000000-0000-7000-8000-000000000001; made by a migration.
inline constexpr TenantId kPlatformTenant{Uuid({0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 1})};

}  // namespace penstock

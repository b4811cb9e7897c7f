// The tenant that Penstock itself is, and the workflows that make and remove tenants. All come with
// the schema (services/migrate/migrations/0005_tenant_lifecycle.sql), so their ids are known.
#pragma once

#include "libs/ids/uuid.h"

namespace penstock {

// 00000000-0000-7000-8000-0000000000xx
constexpr Uuid PlatformUuid(uint8_t last) {
  return Uuid({0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, last});
}

inline constexpr TenantId kPlatformTenant{PlatformUuid(0x01)};
inline constexpr WorkflowId kCreateTenantWorkflow{PlatformUuid(0x10)};
inline constexpr WorkflowId kDeleteTenantWorkflow{PlatformUuid(0x11)};

// Nobody changes these, and only Penstock's services start them.
constexpr bool IsPlatformWorkflow(WorkflowId id) {
  return id == kCreateTenantWorkflow || id == kDeleteTenantWorkflow;
}

}  // namespace penstock

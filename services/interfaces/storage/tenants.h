// Tenants as the database knows them, asked for by what stands in a webhook's URL.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"

namespace penstock::interfaces {

struct TenantRow {
  TenantId id;
  std::optional<int32_t> webhook_rate_limit;  // a second; none = the service's default
};

// By slug or uuid, on the server role without a tenant. None when there is no such active tenant.
absl::StatusOr<std::optional<TenantRow>> FindTenant(postgres::Connection& connection,
                                                    std::string_view client);

}  // namespace penstock::interfaces

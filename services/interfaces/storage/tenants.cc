#include "services/interfaces/storage/tenants.h"

#include "libs/postgres/params.h"
#include "libs/status/macros.h"
#include "services/interfaces/storage/queries.h"

namespace penstock::interfaces {

absl::StatusOr<std::optional<TenantRow>> FindTenant(postgres::Connection& connection,
                                                    std::string_view client) {
  ASSIGN_OR_RETURN(const postgres::Result result,
                   connection.Execute(storage::kFindTenant, postgres::Params().Add(client)));
  if (result.rows() == 0) return std::nullopt;
  return TenantRow{.id = result.Get<TenantId>(0, 0),
                   .webhook_rate_limit = result.Get<std::optional<int32_t>>(0, 1)};
}

}  // namespace penstock::interfaces

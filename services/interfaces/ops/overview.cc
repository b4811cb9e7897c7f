#include "services/interfaces/ops/overview.h"

#include "libs/request/caller.h"
#include "libs/status/macros.h"

namespace penstock::interfaces {

absl::StatusOr<Overview> GetOverview(const IdentityContext& context,
                                     const auth::CallContext& caller) {
  RETURN_IF_ERROR(CheckTenantWide(caller));
  return postgres::RunInTransactionReturning<Overview>(
      context.pool, ScopeOf(caller), [&](postgres::Connection& connection) {
        return storage::LoadOverview(connection, caller.tenant);
      });
}

}  // namespace penstock::interfaces

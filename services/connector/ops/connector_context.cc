#include "services/connector/ops/connector_context.h"

#include "fmt/format.h"
#include "libs/request/caller.h"
#include "libs/status/macros.h"

namespace penstock::connector {

bool MaySee(const auth::CallContext& caller, const Connector& connector) {
  return !caller.project || !connector.project || caller.project == connector.project;
}

absl::StatusOr<Connector> FindConnector(postgres::Connection& connection,
                                        const auth::CallContext& caller, ConnectorId id,
                                        storage::Lock lock) {
  ASSIGN_OR_RETURN(Connector connector,
                   storage::LoadConnector(connection, caller.tenant, id, lock));
  if (!MaySee(caller, connector)) {
    return absl::NotFoundError(fmt::format("no connector {}", id.ToString()));
  }
  if (lock == storage::Lock::kForChange && !connector.project) {
    RETURN_IF_ERROR(CheckTenantWide(caller));
  }
  return connector;
}

}  // namespace penstock::connector

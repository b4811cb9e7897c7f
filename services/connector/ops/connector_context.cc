#include "services/connector/ops/connector_context.h"

#include "fmt/format.h"
#include "libs/status/macros.h"

namespace penstock::connector {

absl::StatusOr<Connector> FindConnector(postgres::Connection& connection,
                                        const auth::CallContext& caller, ConnectorId id,
                                        storage::Lock lock) {
  ASSIGN_OR_RETURN(Connector connector,
                   storage::LoadConnector(connection, caller.tenant, id, lock));
  if (caller.project && caller.project != connector.project) {
    return absl::NotFoundError(fmt::format("no connector {}", id.ToString()));
  }
  return connector;
}

}  // namespace penstock::connector

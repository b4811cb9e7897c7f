// Whether a project connector is one that can be stored, and what is wrong with the chain of one
// that could not.
#pragma once

#include "absl/status/status.h"
#include "libs/auth/call_context.h"
#include "libs/postgres/connection.h"
#include "services/connector/domain/project_connector.h"

namespace penstock::connector {

// INVALID_ARGUMENT with every field that is wrong. The chain is the database's to check.
absl::Status CheckProjectConnector(const ProjectConnector& link);

// NOT_FOUND for the first link that the caller does not have, INVALID_ARGUMENT for the first that
// is not of the one before it; OK when all of them hold.
absl::Status ExplainChain(postgres::Connection& connection, const auth::CallContext& caller,
                          const ProjectConnector& link);

}  // namespace penstock::connector

// Whether SQL fits the schema, without running it.
//
//   CHECK(testing::PrepareAll(*database.Connect(Role::kServer), kAllQueries) == absl::OkStatus());
#pragma once

#include <span>

#include "absl/status/status.h"
#include "libs/postgres/connection.h"
#include "libs/postgres/statement.h"

namespace penstock::testing {

// Prepares every statement on a connection to a migrated database; the error names the first that the server refuses. Parameter types are
// the ones the server infers.
absl::Status PrepareAll(postgres::Connection& connection,
                        std::span<const postgres::Statement> statements);

}  // namespace penstock::testing

#include "libs/testing/prepare_all.h"

#include "fmt/format.h"
#include "libs/status/details.h"

namespace penstock::testing {

absl::Status PrepareAll(postgres::Connection& connection,
                        std::span<const postgres::Statement> statements) {
  for (const postgres::Statement& statement : statements) {
    absl::Status status =
        connection.ExecuteScript(fmt::format("PREPARE prepare_all AS {}", statement.sql));
    if (!status.ok()) return WithContext(status, statement.name);
    status = connection.ExecuteScript("DEALLOCATE prepare_all");
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace penstock::testing

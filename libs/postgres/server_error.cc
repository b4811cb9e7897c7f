#include "libs/postgres/server_error.h"

#include <libpq-fe.h>

#include "fmt/format.h"
#include "libs/postgres/sqlstate.h"
#include "libs/status/details.h"

namespace penstock::postgres {
namespace {

std::string_view Field(const pg_result* result, int field) {
  const char* value = PQresultErrorField(result, field);
  return value != nullptr ? value : "";
}

}  // namespace

std::string_view FirstLine(const char* message) {
  std::string_view text = message;
  return text.substr(0, text.find('\n'));
}

bool IsFromServer(const pg_result* result) {
  return result != nullptr && PQresultErrorField(result, PG_DIAG_SQLSTATE) != nullptr;
}

absl::Status StatusOf(pg_conn* connection, const pg_result* result, std::string_view statement) {
  if (IsFromServer(result)) {
    return StatusFromServerError(statement, {.sqlstate = Field(result, PG_DIAG_SQLSTATE),
                                             .message = Field(result, PG_DIAG_MESSAGE_PRIMARY),
                                             .constraint = Field(result, PG_DIAG_CONSTRAINT_NAME)});
  }
  std::string message = fmt::format("{}: {}", statement, FirstLine(PQerrorMessage(connection)));
  if (PQstatus(connection) == CONNECTION_OK) return absl::InternalError(message);
  return WithReason(absl::UnavailableError(message), kConnectionLost);
}

}  // namespace penstock::postgres

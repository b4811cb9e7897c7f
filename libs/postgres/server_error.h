// From a libpq result that is an error to a Status. Inside this library only.
#pragma once

#include <string_view>

#include "absl/status/status.h"

struct pg_conn;
struct pg_result;

namespace penstock::postgres {

// libpq's messages run over several lines of advice; the first says what happened.
std::string_view FirstLine(const char* message);

// False for errors that the client library made itself, as when the connection is lost.
bool IsFromServer(const pg_result* result);

// `result` may be nullptr; then the connection tells.
absl::Status StatusOf(pg_conn* connection, const pg_result* result, std::string_view statement);

}  // namespace penstock::postgres

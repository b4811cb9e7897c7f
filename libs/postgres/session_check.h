// Notices a pooler that lends sessions for a transaction where we believe to have one of our own: prepared statements would be missing or
// another's, locks and settings would stay with strangers.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "libs/postgres/connection.h"

namespace penstock::postgres {

// FAILED_PRECONDITION with reason SHARED_SESSION, and what to do, when two connections were seen on one session. A pooler that gives each of its
// clients a session for as long as it is connected passes. One so busy that no two of our statements meet may pass as well.
// `connection` is outside a transaction; another is opened by `conninfo` meanwhile.
absl::Status CheckSessionIsOwn(Connection& connection, const std::string& conninfo, absl::Duration connect_timeout);

}  // namespace penstock::postgres

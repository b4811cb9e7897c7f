// What must exist before the first migration and belongs to the cluster, not to the schema: roles and the database.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "libs/postgres/connection.h"

namespace penstock::migrate {

// Empty = the role gets no password (for peer and trust authentication), or keeps the one it has.
struct RolePasswords {
  std::string owner = "";
  std::string admin = "";
  std::string server = "";
  std::string engine = "";
};

// Makes penstock_owner, _admin, _server and _engine where missing and sets the passwords given. Passwords are hashed (SCRAM-SHA-256) here
// and not on the server, so they are in no server log. `superuser` may connect to any database of the cluster.
absl::Status EnsureRoles(postgres::Connection& superuser, const RolePasswords& passwords);

// Makes the database, owned by penstock_owner, where missing.
absl::Status EnsureDatabase(postgres::Connection& superuser, const std::string& name);

}  // namespace penstock::migrate

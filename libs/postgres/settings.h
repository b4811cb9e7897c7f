// How a process is told where its database is: the standard DB_* names, or one DATABASE_URL.
//
//   DB_HOST                localhost    a name, an address, or the directory of a Unix socket; of several ("a,b") the one that writes
//   DB_PORT                5432
//   DB_NAME_SERVER         penstock     the database
//   DB_USER_SERVER, DB_PASSWORD_SERVER  and _ADMIN, _ENGINE, _OWNER, _SUPERUSER: the user (default penstock_server, ...) and password of a role
//   DB_SSLMODE             prefer       as libpq has it
//   DB_POOLER              none         "transaction" when a pooler lends sessions for a transaction (docs/adr/0008-poolers.md)
//   DB_POOL_MIN            1            connections kept when idle
//   DB_POOL_MAX            10           connections at most
//   DB_POOL_ACQUIRE_TIMEOUT  5s         how long a caller waits for one, and for a database that is away
//
// DATABASE_URL stands for host, port, name and SSL mode, and for user and password of the server role; what else is in it (for example
// connect options) is kept. Other roles connect to the same place with their own user and password.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/postgres/pool.h"
#include "libs/postgres/role.h"

namespace penstock::postgres {

// A setting's value, or none when it is not set.
using Lookup = std::function<std::optional<std::string>(std::string_view name)>;

// INVALID_ARGUMENT naming every setting that is wrong. A password is required unless the host is a Unix socket, where the server may know us
// without one. No error holds a password.
absl::StatusOr<PoolOptions> ReadPoolOptions(Role role, const Lookup& lookup);

// What is wrong with the settings of all these roles, at once.
absl::Status CheckPoolOptions(std::initializer_list<Role> roles, const Lookup& lookup);

}  // namespace penstock::postgres

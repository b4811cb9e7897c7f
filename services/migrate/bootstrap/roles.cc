#include "services/migrate/bootstrap/roles.h"

#include <libpq-fe.h>

#include <memory>

#include "fmt/format.h"
#include "libs/status/macros.h"

namespace penstock::migrate {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;
using postgres::Statement;

constexpr Statement kRoleExists{"role_exists", "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)"};
constexpr Statement kDatabaseExists{"database_exists",
                                    "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)"};

using PostgresText = std::unique_ptr<char, void (*)(void*)>;

// Names and hashes can't be parameters of DDL.
absl::StatusOr<std::string> Quote(Connection& connection, const std::string& text, bool identifier) {
  auto* quote = identifier ? PQescapeIdentifier : PQescapeLiteral;
  PostgresText quoted(quote(connection.raw(), text.data(), text.size()), PQfreemem);
  if (quoted == nullptr) return absl::InvalidArgumentError("a name is not valid UTF-8");
  return std::string(quoted.get());
}

absl::StatusOr<std::string> PasswordClause(Connection& connection, const char* role,
                                           const std::string& password) {
  if (password.empty()) return std::string();
  PostgresText hash(
      PQencryptPasswordConn(connection.raw(), password.c_str(), role, "scram-sha-256"), PQfreemem);
  if (hash == nullptr) return absl::InvalidArgumentError(fmt::format("the password of {} can't be used", role));
  ASSIGN_OR_RETURN(std::string quoted, Quote(connection, hash.get(), /*identifier=*/false));
  return " PASSWORD " + quoted;
}

absl::Status EnsureRole(Connection& connection, const char* role, const std::string& password) {
  ASSIGN_OR_RETURN(std::string clause, PasswordClause(connection, role, password));
  ASSIGN_OR_RETURN(Result exists, connection.Execute(kRoleExists, Params().Add(role)));
  if (exists.Get<bool>(0, 0) && clause.empty()) return absl::OkStatus();
  // Attributes are said in full: a role left over from elsewhere must not be able to go past row-level security.
  return connection.ExecuteScript(
      fmt::format("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION{}",
                  exists.Get<bool>(0, 0) ? "ALTER" : "CREATE", role, clause));
}

}  // namespace

absl::Status EnsureRoles(Connection& superuser, const RolePasswords& passwords) {
  // Two at once would both find a role missing.
  RETURN_IF_ERROR(superuser.ExecuteScript("BEGIN; SELECT pg_advisory_xact_lock(7302)"));
  absl::Status status = [&] {
    RETURN_IF_ERROR(EnsureRole(superuser, "penstock_owner", passwords.owner));
    RETURN_IF_ERROR(EnsureRole(superuser, "penstock_admin", passwords.admin));
    RETURN_IF_ERROR(EnsureRole(superuser, "penstock_server", passwords.server));
    return EnsureRole(superuser, "penstock_engine", passwords.engine);
  }();
  absl::Status ended = superuser.ExecuteScript(status.ok() ? "COMMIT" : "ROLLBACK");
  return status.ok() ? ended : status;
}

absl::Status EnsureDatabase(Connection& superuser, const std::string& name) {
  ASSIGN_OR_RETURN(Result exists, superuser.Execute(kDatabaseExists, Params().Add(name)));
  if (exists.Get<bool>(0, 0)) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::string quoted, Quote(superuser, name, /*identifier=*/true));
  absl::Status created = superuser.ExecuteScript(fmt::format(
      "CREATE DATABASE {} OWNER penstock_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'", quoted));
  // Somebody else was faster.
  if (absl::IsAlreadyExists(created)) return absl::OkStatus();
  RETURN_IF_ERROR(created);
  return superuser.ExecuteScript(fmt::format(
      "REVOKE ALL ON DATABASE {0} FROM PUBLIC; "
      "GRANT CONNECT ON DATABASE {0} TO penstock_admin, penstock_server, penstock_engine",
      quoted));
}

}  // namespace penstock::migrate

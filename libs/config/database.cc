#include "libs/config/database.h"

#include <string>

#include "absl/strings/ascii.h"
#include "fmt/format.h"

namespace penstock::config {

Declarations DeclareDatabase(const std::vector<std::string_view>& roles) {
  Declarations declarations = {
      {.name = "DATABASE_URL",
       .type = Type::kSecret,
       .default_text = "",
       .help = "Stands for host, port, name and SSL mode, and for user and password of the server role."},
      {.name = "DB_HOST",
       .default_text = "localhost",
       .help = "Where PostgreSQL is: a name, an address, or the directory of a Unix socket. Of several, \"a,b\", the one that writes is used."},
      {.name = "DB_PORT", .type = Type::kInt, .default_text = "5432", .help = "PostgreSQL's port.", .minimum = 1, .maximum = 65535},
      {.name = "DB_NAME_SERVER", .default_text = "penstock", .help = "The database."},
      {.name = "DB_SSLMODE",
       .default_text = "prefer",
       .help = "As libpq has it.",
       .choices = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}},
      {.name = "DB_POOLER",
       .default_text = "none",
       .help = "What is between us and PostgreSQL: nothing (or a pooler of sessions), or a pooler that lends them for a transaction.",
       .choices = {"none", "transaction"}},
  };
  for (std::string_view role : roles) {
    std::string lower = absl::AsciiStrToLower(std::string(role));
    declarations.push_back({.name = fmt::format("DB_USER_{}", role),
                            .default_text = fmt::format("penstock_{}", lower),
                            .help = fmt::format("User of the {} role.", lower)});
    declarations.push_back({.name = fmt::format("DB_PASSWORD_{}", role),
                            .type = Type::kSecret,
                            .default_text = "",
                            .help = fmt::format("Password of the {} role; required to connect over the network.", lower)});
  }
  declarations.push_back({.name = "DB_POOL_MIN",
                          .type = Type::kInt,
                          .default_text = "1",
                          .help = "Connections kept when idle.",
                          .unit = "connections",
                          .minimum = 0,
                          .maximum = 1000});
  declarations.push_back({.name = "DB_POOL_MAX",
                          .type = Type::kInt,
                          .default_text = "10",
                          .help = "Connections at most, of each role.",
                          .unit = "connections",
                          .minimum = 1,
                          .maximum = 1000});
  declarations.push_back({.name = "DB_POOL_ACQUIRE_TIMEOUT",
                          .type = Type::kDuration,
                          .default_text = "5s",
                          .help = "How long a caller waits for a connection, and for a database that is away."});
  return declarations;
}

}  // namespace penstock::config

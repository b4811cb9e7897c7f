// A step of the schema, as compiled into the binary from migrations/*.sql.
#pragma once

#include <string_view>
#include <vector>

namespace penstock::migrate {

struct Migration {
  int version;            // 1, 2, 3, ... without gaps
  std::string_view name;  // "0001_roles_and_tenancy"
  std::string_view sha256;  // of the file, in hex
  std::string_view sql;
};

// In order. Never changes once released: a schema is changed by the next migration.
const std::vector<Migration>& EmbeddedMigrations();

}  // namespace penstock::migrate

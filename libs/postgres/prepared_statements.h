// Which statements one connection has prepared. The same SQL with other parameter types is another prepared statement.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "libs/postgres/params.h"
#include "libs/postgres/statement.h"

namespace penstock::postgres {

class PreparedStatements {
 public:
  struct Prepared {
    std::string sql;
    std::vector<uint32_t> types;
    std::string server_name;
  };

  // nullptr if it has to be prepared first. Valid until forgotten.
  const Prepared* Find(const Statement& statement, const Params& params) const;
  // Chooses a name on the server and remembers it as prepared from now on.
  const Prepared* Remember(const Statement& statement, const Params& params);
  // For one that the server refused or never saw.
  void Forget(const Prepared* prepared);

 private:
  // A list, so that pointers stay good while others come and go.
  absl::flat_hash_map<std::string, std::list<Prepared>> by_name_;
  int64_t made_ = 0;
};

}  // namespace penstock::postgres

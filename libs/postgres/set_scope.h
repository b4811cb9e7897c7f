// Setting for whom a transaction runs, for whoever puts it into one round trip with what it runs.
#pragma once

#include <string>

#include "libs/postgres/connection.h"
#include "libs/postgres/params.h"
#include "libs/postgres/pool.h"
#include "libs/postgres/statement.h"

namespace penstock::postgres {

// true: until the end of the transaction.
inline constexpr Statement kSetScope{
    "set_scope",
    "SELECT set_config('app.tenant_id', $1, true), "
    "set_config('app.user_id', $2, true), set_config('app.role', $3, true)"};

// Behind kBegin.
inline void AddScope(Pipeline& pipeline, const Scope& scope) {
  const auto text_of = [](const auto& id) { return id.is_nil() ? std::string() : id.ToString(); };
  pipeline.Add(kSetScope,
               Params().Add(text_of(scope.tenant)).Add(text_of(scope.user)).Add(scope.role));
}

}  // namespace penstock::postgres

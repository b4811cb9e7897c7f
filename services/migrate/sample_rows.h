// One row for every table that belongs to tenants, for the tests of isolation. A table without one fails them, so that a new table can't be
// forgotten.
#pragma once

#include <map>
#include <string>

namespace penstock::migrate {

// By "schema.table": an INSERT that takes the tenant's id as $1, and makes a new row each time. In an order that foreign keys do not ask for:
// they are switched off where these run as superuser, and policies are checked before them elsewhere.
const std::map<std::string, std::string>& SampleRows();

}  // namespace penstock::migrate

// The schema that the migrations make, as text that is the same wherever and whenever it is made.
#pragma once

#include <string>

#include "libs/testing/postgres.h"

namespace penstock::migrate {

// pg_dump --schema-only without its version lines and without the monthly partitions, whose names depend on the day.
std::string DumpSchema(const testing::TestDatabase& database);

}  // namespace penstock::migrate

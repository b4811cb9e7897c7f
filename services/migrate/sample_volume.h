// As many rows as it takes for a plan to matter: half of them one tenant's, the others spread over many.
#pragma once

#include "libs/postgres/connection.h"

namespace penstock::migrate {

// Fills the hot tables (20,000 to 100,000 rows each) and brings the planner's statistics up to date. Leaves public.id(kind, n), which names the
// rows: tenants are kind 1, projects 2, users 3, keys 4, sessions 5, workflows 6, executions 7, deliveries 8, events 9. Row n belongs to tenant 1
// when n is even.
void FillWithSampleVolume(postgres::Connection& superuser);

}  // namespace penstock::migrate

// A tenant with what every tenant has: a default project and a default task queue. For operators and tests; callers of the API use
// TenantService.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"

namespace penstock::migrate {

struct NewTenant {
  std::string slug;  // lower-case letters, digits and hyphens
  std::string name;
};

struct TenantIds {
  TenantId tenant;
  ProjectId project;
  Uuid task_queue;
};

// On the admin role. ALREADY_EXISTS when the slug is taken, INVALID_ARGUMENT when slug or name have not the form the schema asks for.
absl::StatusOr<TenantIds> CreateTenant(postgres::Connection& admin, const NewTenant& tenant,
                                       absl::Time now);

}  // namespace penstock::migrate

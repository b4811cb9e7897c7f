// Whom a connection acts as. The roles are made by penstock-migrate and the schema grants each what it needs.
#pragma once

#include <string_view>

namespace penstock::postgres {

enum class Role {
  kOwner,      // owns the schema: migrations only
  kAdmin,      // tenant lifecycle, across tenants
  kServer,     // all services; sees one tenant at a time
  kEngine,     // the batched execution tables only
  kSuperuser,  // the cluster's own: makes the others, and nothing else
};

// The name in PostgreSQL: "penstock_server"; for the superuser the customary "postgres".
std::string_view RoleName(Role role);

}  // namespace penstock::postgres

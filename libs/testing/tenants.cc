#include "libs/testing/tenants.h"

#include "absl/time/clock.h"
#include "libs/testing/check.h"
#include "services/migrate/bootstrap/api_key.h"
#include "services/migrate/bootstrap/tenant.h"

namespace penstock::testing {

TestTenant CreateTenant(const TestDatabase& database, const std::string& slug,
                        const std::string& role) {
  migrate::TenantIds ids =
      Check(migrate::CreateTenant(*database.Connect(postgres::Role::kAdmin),
                                  {.slug = slug, .name = "Tenant " + slug}, absl::Now()),
            "create a tenant");
  return {ids.tenant, ids.project, ids.task_queue, slug, CreateApiKey(database, slug, role)};
}

std::string CreateApiKey(const TestDatabase& database, const std::string& slug,
                         const std::string& role) {
  return Check(migrate::CreateApiKey(*database.Connect(postgres::Role::kAdmin),
                                     {.tenant_slug = slug, .role = role}, absl::Now()),
               "create an API key");
}

}  // namespace penstock::testing

// A tenant to test with: real rows, made as an operator makes them.
#pragma once

#include <string>

#include "libs/ids/uuid.h"
#include "libs/testing/postgres.h"

namespace penstock::testing {

struct TestTenant {
  TenantId tenant;
  ProjectId project;  // its default one
  Uuid task_queue;    // the project's default one
  std::string slug;
  std::string api_key;  // as a caller sends it
};

TestTenant CreateTenant(const TestDatabase& database, const std::string& slug = "acme",
                        const std::string& role = "owner");

// Another key of the tenant.
std::string CreateApiKey(const TestDatabase& database, const std::string& slug,
                         const std::string& role);

}  // namespace penstock::testing

#include "services/interfaces/storage/tenants.h"

#include <catch2/catch.hpp>

#include "libs/testing/check.h"
#include "libs/testing/postgres.h"
#include "services/interfaces/storage/queries.h"

namespace penstock::interfaces {
namespace {

using testing::Check;

struct Fixture {
  Fixture() {
    auto admin = database.Connect(postgres::Role::kAdmin);
    Check(admin->ExecuteScript(
              "INSERT INTO tenancy.tenants (tenant_id, slug, name, webhook_rate_limit, status) "
              "VALUES "
              "('01900000-0000-7000-8000-000000000001', 'acme', 'Acme', 50, 'active'), "
              "('01900000-0000-7000-8000-000000000002', 'plain', 'Plain', NULL, 'active'), "
              "('01900000-0000-7000-8000-000000000003', 'gone', 'Gone', NULL, 'suspended')"),
          "insert tenants");
    server = database.Connect(postgres::Role::kServer);
  }
  std::optional<TenantRow> Find(std::string_view client) {
    return Check(FindTenant(*server, client), "find");
  }

  testing::TestDatabase database;
  std::unique_ptr<postgres::Connection> server;
};

TEST_CASE_METHOD(Fixture, "a tenant is found by slug and by uuid in either case") {
  for (const char* client : {"acme", "01900000-0000-7000-8000-000000000001"}) {
    REQUIRE(Find(client));
    CHECK(Find(client)->id.ToString() == "01900000-0000-7000-8000-000000000001");
    CHECK(Find(client)->webhook_rate_limit == 50);
  }
  REQUIRE(Find("plain"));
  CHECK(!Find("plain")->webhook_rate_limit);
}

TEST_CASE_METHOD(Fixture, "unknown, suspended and odd names are nobody") {
  for (const char* client : {"nobody", "gone", "01900000-0000-7000-8000-000000000003", "", "ACME",
                             "' OR true --", "acme%"}) {
    CHECK(!Find(client));
  }
}

TEST_CASE_METHOD(Fixture, "every query prepares against the schema") {
  for (const postgres::Statement& statement : storage::kAllQueries) {
    CHECK(server->ExecuteScript(std::string("PREPARE p AS ") + statement.sql + "; DEALLOCATE p")
              .ok());
  }
}

}  // namespace
}  // namespace penstock::interfaces

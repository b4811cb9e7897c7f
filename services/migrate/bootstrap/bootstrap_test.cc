#include <catch2/catch.hpp>

#include "absl/time/clock.h"
#include "libs/status/details.h"
#include "libs/testing/check.h"
#include "libs/testing/postgres.h"
#include "libs/testing/prepare_all.h"
#include "libs/testing/tenants.h"
#include "services/migrate/bootstrap/api_key.h"
#include "services/migrate/bootstrap/queries.h"
#include "services/migrate/bootstrap/roles.h"
#include "services/migrate/bootstrap/tenant.h"

namespace penstock::migrate {
namespace {

using postgres::Params;
using postgres::Result;
using postgres::Role;
using testing::Check;
using testing::TestDatabase;
using testing::TestPostgres;

TEST_CASE("every query fits the schema") {
  TestDatabase database;
  CHECK(testing::PrepareAll(*database.Connect(Role::kAdmin), kAllQueries) == absl::OkStatus());
}

TEST_CASE("a tenant comes with a default project and a default task queue") {
  TestDatabase database;
  TenantIds ids = Check(CreateTenant(*database.Connect(Role::kAdmin), {"acme", "Acme"}, absl::Now()), "create");
  Result found = Check(database.ConnectAsSuperuser()->Execute(
                           {"find", "SELECT t.tenant_id, p.project_id, q.task_queue_id FROM tenancy.tenants t "
                                    "JOIN tenancy.projects p USING (tenant_id) "
                                    "JOIN workflow.task_queues q USING (tenant_id, project_id) "
                                    "WHERE p.is_default AND q.is_default AND t.slug = 'acme'"}),
                       "find");
  REQUIRE(found.rows() == 1);
  CHECK(found.Get<TenantId>(0, 0) == ids.tenant);
  CHECK(found.Get<ProjectId>(0, 1) == ids.project);
  CHECK(found.Get<Uuid>(0, 2) == ids.task_queue);
}

TEST_CASE("a slug that is taken or malformed is refused in the caller's words, and leaves nothing") {
  TestDatabase database;
  auto admin = database.Connect(Role::kAdmin);
  Check(CreateTenant(*admin, {"acme", "Acme"}, absl::Now()), "first");
  CHECK(ReasonOf(CreateTenant(*admin, {"acme", "Other"}, absl::Now()).status()) == "SLUG_TAKEN");
  absl::Status malformed = CreateTenant(*admin, {"No Slug", "Other"}, absl::Now()).status();
  REQUIRE(ViolationsOf(malformed).size() == 1);
  CHECK(ViolationsOf(malformed)[0].field == "slug");
  CHECK(Check(admin->Execute({"count", "SELECT count(*) FROM tenancy.projects JOIN tenancy.tenants USING (tenant_id) WHERE slug = 'acme'"}), "count").Get<int64_t>(0, 0) == 1);
}

TEST_CASE("a key finds its tenant by hash, and only its hash is stored") {
  TestDatabase database;
  testing::TestTenant tenant = testing::CreateTenant(database, "acme", "operator");
  CHECK(auth::IsApiKey(tenant.api_key));
  const std::string hash = auth::HashApiKey(tenant.api_key);
  Result found = Check(database.Connect(Role::kServer)
                           ->Execute({"find", "SELECT tenant_id, role FROM tenancy.find_api_key($1)"},
                                     Params().Add(postgres::Bytes{hash})),
                       "find");
  REQUIRE(found.rows() == 1);
  CHECK(found.Get<TenantId>(0, 0) == tenant.tenant);
  CHECK(found.Get<std::string>(0, 1) == "operator");
}

TEST_CASE("a key needs a tenant and a role that exist") {
  TestDatabase database;
  auto admin = database.Connect(Role::kAdmin);
  CHECK(absl::IsNotFound(CreateApiKey(*admin, {.tenant_slug = "nobody", .role = "owner"}, absl::Now()).status()));
  Check(CreateTenant(*admin, {"acme", "Acme"}, absl::Now()), "create");
  absl::Status status = CreateApiKey(*admin, {.tenant_slug = "acme", .role = "boss"}, absl::Now()).status();
  REQUIRE(ViolationsOf(status).size() == 1);
  CHECK(ViolationsOf(status)[0].field == "role");
}

TEST_CASE("roles and database are made once, and a password given is stored as a SCRAM hash") {
  TestPostgres postgres;
  auto superuser = Check(postgres::Connection::Open(postgres.SuperuserConninfo(), absl::Seconds(10)), "connect");
  CHECK(EnsureRoles(*superuser, {.server = "hunter2"}).ok());
  CHECK(EnsureRoles(*superuser, {}).ok());
  Result stored = Check(superuser->Execute({"password", "SELECT rolpassword FROM pg_authid WHERE rolname = 'penstock_server'"}),
                        "read");
  CHECK(stored.Get<std::string>(0, 0).starts_with("SCRAM-SHA-256$"));
  CHECK(EnsureDatabase(*superuser, "it's new").ok());
  CHECK(EnsureDatabase(*superuser, "it's new").ok());
}

}  // namespace
}  // namespace penstock::migrate

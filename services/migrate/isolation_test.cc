// Tenants are kept apart by the database itself: for every table that the catalogue says belongs to tenants.
#include <catch2/catch.hpp>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/ids/uuid.h"
#include "libs/testing/check.h"
#include "libs/testing/postgres.h"
#include "services/migrate/sample_rows.h"

namespace penstock::migrate {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;
using postgres::Role;
using testing::Check;
using testing::TestDatabase;

constexpr char kTenantTables[] = R"sql(
  SELECT c.oid::regclass::text, c.relispartition, c.relrowsecurity, c.relforcerowsecurity, a.attnotnull
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
  WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  ORDER BY 1)sql";

struct Table {
  std::string name;
  bool is_partition;
  bool has_policies_on;
  bool has_policies_forced;
  bool always_has_tenant;
};

std::vector<Table> TenantTables(Connection& connection) {
  Result rows = Check(connection.Execute({"tenant_tables", kTenantTables}), "list tables");
  std::vector<Table> tables;
  for (int row = 0; row < rows.rows(); ++row) {
    tables.push_back({rows.Get<std::string>(row, 0), rows.Get<bool>(row, 1), rows.Get<bool>(row, 2),
                      rows.Get<bool>(row, 3), rows.Get<bool>(row, 4)});
  }
  return tables;
}

// Two tenants with a row each in every table.
class Fixture {
 protected:
  Fixture() : superuser_(database_.ConnectAsSuperuser()), server_(database_.Connect(Role::kServer)) {
    for (const Table& table : TenantTables(*superuser_)) {
      if (!table.is_partition) tables_.push_back(table.name);
    }
    // Rows are made one by one and not as a whole: without foreign keys and triggers.
    Check(superuser_->ExecuteScript("SET session_replication_role = replica"), "no triggers");
    for (const std::string& table : tables_) {
      INFO(table << " has a row in sample_rows.cc");
      REQUIRE(SampleRows().contains(table));
      for (const TenantId& tenant : {ours_, theirs_}) Check(Insert(*superuser_, table, tenant), table);
    }
    Check(superuser_->ExecuteScript("SET session_replication_role = origin"), "triggers");
  }

  static absl::StatusOr<Result> Insert(Connection& connection, const std::string& table, TenantId tenant) {
    return connection.Execute({"sample", SampleRows().at(table).c_str()}, Params().Add(tenant));
  }

  // Runs `sql` ($1 = tenant) on the server role in a transaction on behalf of `caller`, which is rolled back.
  absl::StatusOr<Result> RunAs(std::optional<TenantId> caller, const std::string& sql, TenantId tenant) {
    Check(server_->Execute(postgres::kBegin), "begin");
    if (caller) {
      Check(server_->Execute({"set", "SELECT set_config('app.tenant_id', $1, true)"},
                             Params().Add(caller->ToString())),
            "set the tenant");
    }
    absl::StatusOr<Result> result = server_->Execute({"probe", sql.c_str()}, Params().Add(tenant));
    Check(server_->Execute(postgres::kRollback), "rollback");
    return result;
  }

  // The statement touched nothing, or was not allowed at all.
  static bool IsHarmless(const absl::StatusOr<Result>& result) {
    if (result.ok()) return result->rows() == 0 && result->affected_rows() == 0;
    return absl::IsPermissionDenied(result.status());
  }

  TestDatabase database_;
  std::unique_ptr<Connection> superuser_;
  std::unique_ptr<Connection> server_;
  std::vector<std::string> tables_;
  const TenantId ours_ = TenantId::Make(absl::Now());
  const TenantId theirs_ = TenantId::Make(absl::Now());
};

TEST_CASE_METHOD(Fixture, "every table of tenants has row-level security on and forced, and always a tenant") {
  std::vector<Table> tables = TenantTables(*superuser_);
  REQUIRE(tables.size() > tables_.size());  // partitions, too
  for (const Table& table : tables) {
    CAPTURE(table.name);
    CHECK(table.has_policies_on);
    CHECK(table.has_policies_forced);
    CHECK(table.always_has_tenant);
  }
}

TEST_CASE_METHOD(Fixture, "every index of a tenant's table that is not per shard leads with the tenant or is unique by itself") {
  constexpr char kStray[] = R"sql(
    SELECT i.indexrelid::regclass::text
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
    JOIN pg_attribute f ON f.attrelid = c.oid AND f.attnum = i.indkey[0]
    WHERE n.nspname IN ('tenancy', 'workflow') AND m.amname = 'btree'
      AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')
      AND f.attname NOT IN ('tenant_id', 'shard_id')
      AND i.indexrelid::regclass::text NOT IN ('tenancy.tenants_slug_unique', 'tenancy.api_keys_hash_unique'))sql";
  Result stray = Check(superuser_->Execute({"stray", kStray}), "list indexes");
  for (int row = 0; row < stray.rows(); ++row) FAIL_CHECK(stray.Get<std::string>(row, 0));
}

TEST_CASE_METHOD(Fixture, "the server role sees its tenant's rows and nobody else's") {
  for (const std::string& table : tables_) {
    CAPTURE(table);
    const std::string read = fmt::format("SELECT 1 FROM {} WHERE tenant_id = $1", table);
    absl::StatusOr<Result> own = RunAs(ours_, read, ours_);
    if (own.ok()) CHECK(own->rows() == 1);
    CHECK(IsHarmless(RunAs(ours_, read, theirs_)));
    CHECK(IsHarmless(RunAs(std::nullopt, read, ours_)));
  }
}

TEST_CASE_METHOD(Fixture, "the server role may read every table of tenants") {
  // Otherwise the tests above could pass because nothing may be read at all.
  size_t readable = 0;
  for (const std::string& table : tables_) {
    readable += RunAs(ours_, fmt::format("SELECT 1 FROM {} WHERE tenant_id = $1", table), ours_).ok();
  }
  CHECK(readable == tables_.size());
}

TEST_CASE_METHOD(Fixture, "the server role can't insert for another tenant, or for nobody's") {
  for (const std::string& table : tables_) {
    CAPTURE(table);
    CHECK(absl::IsPermissionDenied(RunAs(ours_, SampleRows().at(table), theirs_).status()));
    CHECK(absl::IsPermissionDenied(RunAs(std::nullopt, SampleRows().at(table), ours_).status()));
  }
}

TEST_CASE_METHOD(Fixture, "the server role can't change or delete another tenant's rows") {
  for (const std::string& table : tables_) {
    CAPTURE(table);
    for (std::optional<TenantId> caller : {std::optional(ours_), std::optional<TenantId>()}) {
      CHECK(IsHarmless(RunAs(caller, fmt::format("UPDATE {} SET tenant_id = tenant_id WHERE tenant_id = $1", table), theirs_)));
      CHECK(IsHarmless(RunAs(caller, fmt::format("DELETE FROM {} WHERE tenant_id = $1", table), theirs_)));
    }
  }
}

TEST_CASE_METHOD(Fixture, "a row can't be given away to another tenant") {
  for (const std::string& table : tables_) {
    CAPTURE(table);
    absl::StatusOr<Result> given = RunAs(ours_, fmt::format("UPDATE {} SET tenant_id = $1", table), theirs_);
    CHECK(absl::IsPermissionDenied(given.status()));
  }
}

TEST_CASE_METHOD(Fixture, "the owner of the schema sees no tenant's rows either, but to look a key or a name up") {
  auto owner = database_.Connect(Role::kOwner);
  for (const std::string& table : tables_) {
    if (table == "tenancy.tenants" || table == "tenancy.api_keys") continue;
    // An authorization is found by the hash of what a browser brings, grants by being due.
    if (table == "connector.oauth_attempts" || table == "connector.oauth_grants") continue;
    CAPTURE(table);
    std::string count = fmt::format("SELECT count(*) FROM {}", table);
    CHECK(Check(owner->Execute({"count", count.c_str()}), "count").Get<int64_t>(0, 0) == 0);
  }
}

TEST_CASE_METHOD(Fixture, "a partition can't be addressed past the policies of its table") {
  for (Role role : {Role::kServer, Role::kEngine, Role::kAdmin}) {
    auto connection = database_.Connect(role);
    for (const Table& table : TenantTables(*superuser_)) {
      if (!table.is_partition) continue;
      CAPTURE(table.name, postgres::RoleName(role));
      std::string read = fmt::format("SELECT FROM {}", table.name);
      CHECK(absl::IsPermissionDenied(connection->Execute({"read", read.c_str()}).status()));
      std::string erase = fmt::format("DELETE FROM {}", table.name);
      CHECK(absl::IsPermissionDenied(connection->Execute({"erase", erase.c_str()}).status()));
    }
  }
}

TEST_CASE_METHOD(Fixture, "append-only tables refuse UPDATE and DELETE from everybody") {
  constexpr char kAppendOnly[] =
      "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only' AND tgparentid = 0";
  Result tables = Check(superuser_->Execute({"append_only", kAppendOnly}), "list");
  REQUIRE(tables.rows() > 0);
  for (int row = 0; row < tables.rows(); ++row) {
    const std::string table = tables.Get<std::string>(row, 0);
    CAPTURE(table);
    std::string change = fmt::format("UPDATE {} SET tenant_id = tenant_id", table);
    CHECK(absl::IsPermissionDenied(superuser_->Execute({"change", change.c_str()}).status()));
    std::string erase = fmt::format("DELETE FROM {}", table);
    CHECK(absl::IsPermissionDenied(superuser_->Execute({"erase", erase.c_str()}).status()));
  }
}

TEST_CASE_METHOD(Fixture, "history goes with its tenant, by the admin role and in the tenant's name only") {
  const auto erase = [&](Role role, const TenantId& named) {
    auto connection = database_.Connect(role);
    Check(connection->Execute(postgres::kBegin), "begin");
    Check(connection->Execute({"name", "SELECT set_config('app.purged_tenant', $1, true), set_config('app.tenant_id', $2, true)"},
                              Params().Add(named.ToString()).Add(ours_.ToString())),
          "name the tenant");
    return connection->Execute({"erase", "DELETE FROM tenancy.audit_log WHERE tenant_id = $1"}, Params().Add(ours_)).status();
  };
  CHECK(absl::IsPermissionDenied(erase(Role::kAdmin, theirs_)));
  CHECK(absl::IsPermissionDenied(erase(Role::kServer, ours_)));
  CHECK(erase(Role::kAdmin, ours_).ok());
}

TEST_CASE_METHOD(Fixture, "what is written once does not change, whoever asks") {
  for (const char* table : {"workflow.event_store", "workflow.node_executions", "workflow.webhooks",
                            "workflow.workflow_versions"}) {
    CAPTURE(table);
    std::string change = fmt::format("UPDATE {} SET tenant_id = tenant_id", table);
    CHECK(absl::IsPermissionDenied(superuser_->Execute({"change", change.c_str()}).status()));
  }
}

TEST_CASE_METHOD(Fixture, "an execution that has ended stays as it ended") {
  Check(superuser_->ExecuteScript("UPDATE workflow.workflow_executions SET state = 'COMPLETED', completed_at = now()"),
        "end it");
  absl::Status status =
      superuser_->ExecuteScript("UPDATE workflow.workflow_executions SET state = 'RUNNING', completed_at = NULL");
  CHECK(absl::IsFailedPrecondition(status));
}

TEST_CASE_METHOD(Fixture, "the engine role has the batched tables and nothing else") {
  constexpr char kGranted[] = R"sql(
    SELECT array_agg(c.oid::regclass::text ORDER BY 1) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND n.nspname IN ('auth', 'tenancy', 'workflow', 'public')
      AND has_table_privilege('penstock_engine', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE'))sql";
  std::vector<std::string> granted =
      Check(superuser_->Execute({"granted", kGranted}), "list").Get<std::vector<std::string>>(0, 0);
  std::sort(granted.begin(), granted.end());
  CHECK(granted == std::vector<std::string>{
                       "schema_migrations", "workflow.engine_members", "workflow.event_store",
                       "workflow.execution_keys", "workflow.node_executions", "workflow.open_executions",
                       "workflow.open_nodes", "workflow.payloads", "workflow.route_generations",
                       "workflow.shard_leases", "workflow.signals", "workflow.timers", "workflow.webhooks",
                       "workflow.workflow_executions"});
}

TEST_CASE_METHOD(Fixture, "no service's role is above the policies") {
  constexpr char kAbove[] =
      "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'penstock\\_%' AND (rolsuper OR rolbypassrls OR rolcreaterole)";
  CHECK(Check(superuser_->Execute({"above", kAbove}), "count").Get<int64_t>(0, 0) == 0);
}

TEST_CASE_METHOD(Fixture, "new partitions are as closed as the ones before") {
  auto engine = database_.Connect(Role::kEngine);
  Result made = Check(engine->Execute({"ensure", "SELECT workflow.ensure_partitions(4)"}), "make partitions");
  CHECK(made.Get<int32_t>(0, 0) > 0);
  CHECK(Check(engine->Execute({"ensure", "SELECT workflow.ensure_partitions(4)"}), "again").Get<int32_t>(0, 0) == 0);
  for (const Table& table : TenantTables(*superuser_)) {
    CAPTURE(table.name);
    CHECK(table.has_policies_forced);
  }
}

}  // namespace
}  // namespace penstock::migrate

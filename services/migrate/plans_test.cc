// The look-ups that carry the load find an index, as the role that makes them.
#include <catch2/catch.hpp>

#include "fmt/format.h"
#include "libs/testing/check.h"
#include "libs/testing/postgres.h"

namespace penstock::migrate {
namespace {

using postgres::Role;
using testing::Check;
using testing::TestDatabase;

struct Lookup {
  const char* purpose;
  Role role;
  const char* sql;
  // The columns by which the index must narrow, as EXPLAIN names them.
  std::vector<std::string> narrowed_by;
};

constexpr char kTenant[] = "00000000-0000-7000-8000-00000000000a";

const std::vector<Lookup>& HotLookups() {
  static const std::vector<Lookup> lookups = {
      {"a tenant's executions in a state, newest first", Role::kServer,
       "SELECT * FROM workflow.workflow_executions WHERE tenant_id = auth.tenant_id() AND state = 'FAILED' "
       "AND execution_id < 'ffffffff-0000-7000-8000-000000000000' ORDER BY execution_id DESC LIMIT 20",
       {"tenant_id", "state", "execution_id"}},
      {"a workflow's executions, newest first", Role::kServer,
       "SELECT * FROM workflow.workflow_executions WHERE tenant_id = auth.tenant_id() "
       "AND workflow_id = '00000000-0000-7000-8000-000000000001' ORDER BY execution_id DESC LIMIT 20",
       {"tenant_id", "workflow_id"}},
      {"the record of one execution", Role::kServer,
       "SELECT * FROM workflow.node_executions WHERE shard_id = 7 "
       "AND execution_id = '00000000-0000-7000-8000-000000000007' ORDER BY sequence",
       {"shard_id", "execution_id"}},
      {"a tenant's deliveries, newest first", Role::kServer,
       "SELECT * FROM workflow.webhooks WHERE tenant_id = auth.tenant_id() ORDER BY webhook_id DESC LIMIT 20",
       {"tenant_id"}},
      {"a tenant's events from a position on", Role::kServer,
       "SELECT * FROM workflow.event_store WHERE tenant_id = auth.tenant_id() AND sequence_number > 100 "
       "ORDER BY sequence_number LIMIT 100",
       {"tenant_id", "sequence_number"}},
      {"the end of a tenant's events", Role::kEngine,
       "SELECT sequence_number FROM workflow.event_store "
       "WHERE tenant_id = '00000000-0000-7000-8000-00000000000a' ORDER BY sequence_number DESC LIMIT 1",
       {"tenant_id"}},
      {"the timers of a shard that are due", Role::kEngine,
       "SELECT * FROM workflow.timers WHERE shard_id = 7 AND fires_at < now() ORDER BY fires_at LIMIT 1000",
       {"shard_id", "fires_at"}},
      {"what is open in a shard", Role::kEngine, "SELECT * FROM workflow.open_executions WHERE shard_id = 7",
       {"shard_id"}},
      {"the execution that a key started", Role::kEngine,
       "SELECT execution_id FROM workflow.execution_keys WHERE shard_id = 7 "
       "AND tenant_id = '00000000-0000-7000-8000-00000000000a' AND idempotency_key = 'k'",
       {"shard_id", "tenant_id", "idempotency_key"}},
      {"the workflows a delivery starts", Role::kServer,
       "SELECT * FROM workflow.triggers WHERE tenant_id = auth.tenant_id() AND trigger_type = 'webhook' "
       "AND action_type = 'order'",
       {"tenant_id", "trigger_type", "action_type"}},
      {"the user who signs in", Role::kServer,
       "SELECT * FROM tenancy.users WHERE tenant_id = auth.tenant_id() AND email_key = lower('A@example.com')",
       {"tenant_id", "email_key"}},
      {"what happened to one thing", Role::kServer,
       "SELECT * FROM tenancy.audit_log WHERE tenant_id = auth.tenant_id() AND resource_type = 'user' "
       "AND resource_id = 'x' ORDER BY sequence DESC LIMIT 20",
       {"tenant_id", "resource_type", "resource_id"}},
      {"the one good token of a session", Role::kServer,
       "SELECT * FROM tenancy.refresh_tokens WHERE tenant_id = auth.tenant_id() "
       "AND session_id = '00000000-0000-7000-8000-000000000001' AND used_at IS NULL",
       {"tenant_id", "session_id"}},
      {"a tenant's workflows in a status", Role::kServer,
       "SELECT * FROM workflow.workflows WHERE tenant_id = auth.tenant_id() AND status = 'active' "
       "ORDER BY workflow_id DESC LIMIT 20",
       {"tenant_id", "status"}},
  };
  return lookups;
}

std::string Explain(postgres::Connection& connection, const char* sql) {
  // Empty tables are cheapest to scan: the question is whether an index can be used at all.
  Check(connection.ExecuteScript(fmt::format("BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;"
                                             "SELECT set_config('app.tenant_id', '{}', true)",
                                             kTenant)),
        "begin");
  std::string explain = fmt::format("EXPLAIN {}", sql);
  postgres::Result plan = Check(connection.Execute({"explain", explain.c_str()}), sql);
  Check(connection.Execute(postgres::kRollback), "rollback");
  std::string text;
  for (int row = 0; row < plan.rows(); ++row) text += plan.Get<std::string>(row, 0) + "\n";
  return text;
}

// The first "Index Cond" of a plan. All partitions have the same.
std::string IndexCondition(const std::string& plan) {
  size_t begin = plan.find("Index Cond:");
  if (begin == std::string::npos) return "";
  return plan.substr(begin, plan.find('\n', begin) - begin);
}

TEST_CASE("each hot look-up is narrowed by an index, and needs no sort") {
  TestDatabase database;
  for (const Lookup& lookup : HotLookups()) {
    std::string plan = Explain(*database.Connect(lookup.role), lookup.sql);
    INFO(lookup.purpose << "\n" << plan);
    CHECK(plan.find("Seq Scan") == std::string::npos);
    CHECK(plan.find("Sort") == plan.find("Sort Key"));  // a merge of sorted partitions has a key, too
    for (const std::string& column : lookup.narrowed_by) {
      CHECK(IndexCondition(plan).find(column) != std::string::npos);
    }
  }
}

}  // namespace
}  // namespace penstock::migrate

// The queries of the read side against the migrated schema, as the role that runs them: each can be
// prepared, and those that people wait for walk an index.
#include <catch2/catch.hpp>
#include <iterator>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "libs/ids/uuid.h"
#include "libs/postgres/connection.h"
#include "libs/testing/postgres.h"
#include "services/workflow_engine/storage/event_read_queries.h"
#include "services/workflow_engine/storage/execution_read_queries.h"
#include "services/workflow_engine/storage/webhook_read_queries.h"

namespace penstock::workflow_engine {
namespace {

using postgres::Statement;

testing::TestDatabase& Database() {
  static testing::TestDatabase database;
  return database;
}

std::vector<Statement> AllQueries() {
  std::vector<Statement> all;
  auto add = [&](const auto& queries) {
    all.insert(all.end(), std::begin(queries), std::end(queries));
  };
  add(queries::kAllExecutionReadQueries);
  add(queries::kAllEventReadQueries);
  add(queries::kAllWebhookReadQueries);
  return all;
}

TEST_CASE("every query can be prepared by the server role") {
  auto connection = Database().Connect(postgres::Role::kServer);
  for (const Statement& query : AllQueries()) {
    INFO(query.name);
    absl::Status prepared =
        connection->ExecuteScript(fmt::format("PREPARE {} AS {}", query.name, query.sql));
    CHECK(prepared.ToString() == "OK");
  }
}

constexpr char kTenant[] = "0190a000-0000-7000-8000-000000000001";

// Many tenants' rows, so that reading them all is never the cheaper way.
void Fill() {
  auto superuser = Database().ConnectAsSuperuser();
  absl::Status filled = superuser->ExecuteScript(fmt::format(R"sql(
    CREATE TEMP TABLE tenants AS SELECT gen_random_uuid() AS id FROM generate_series(1, 300) UNION ALL SELECT '{0}';
    INSERT INTO workflow.workflow_executions (shard_id, execution_id, tenant_id, workflow_id, version, state, trigger_type,
        trigger_node, input, started_at, updated_at, completed_at)
      SELECT 0, (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint + n), 12, '0') || substr(md5(t.id::text || n), 13))::uuid,
             t.id, gen_random_uuid(), 1, 'COMPLETED', 'manual', 't', '{{}}', now(), now(), now()
      FROM tenants t, generate_series(1, 60) AS n;
    INSERT INTO workflow.event_store (event_id, tenant_id, sequence_number, event_type, workflow_id, payload, "timestamp")
      SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint + n), 12, '0') || substr(md5(t.id::text || n), 13))::uuid,
             t.id, n, 'e', gen_random_uuid(), '{{}}', now() FROM tenants t, generate_series(1, 60) AS n;
    INSERT INTO workflow.webhooks (webhook_id, tenant_id, trigger_type, action_type, payload, outcome, execution_ids, received_at)
      SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint + n), 12, '0') || substr(md5(t.id::text || n), 13))::uuid,
             t.id, 'w', 'a', '{{}}', 'accepted', '{{}}', now() FROM tenants t, generate_series(1, 60) AS n;
    ANALYZE workflow.workflow_executions; ANALYZE workflow.event_store; ANALYZE workflow.webhooks;)sql",
                                                             kTenant));
  REQUIRE(filled.ToString() == "OK");
}

std::string PlanOf(const Statement& query, const std::string& arguments) {
  auto connection = Database().Connect(postgres::Role::kServer);
  REQUIRE(connection
              ->ExecuteScript(fmt::format("SET app.tenant_id = '{}'; PREPARE {} AS {}", kTenant,
                                          query.name, query.sql))
              .ToString() == "OK");
  std::string explain = fmt::format("EXPLAIN EXECUTE {}({})", query.name, arguments);
  auto plan = connection->Execute(Statement{"plan", explain.c_str()});
  REQUIRE(plan.status().ToString() == "OK");
  std::string text;
  for (int row = 0; row < plan->rows(); ++row) text += plan->Get<std::string>(row, 0) + "\n";
  return text;
}

TEST_CASE("lists, counts and streams walk an index of the tenant") {
  Fill();
  const std::string kLow = "'00000000-0000-0000-0000-000000000000'";
  const std::string kHigh = "'ffffffff-ffff-ffff-ffff-ffffffffffff'";
  const std::string kSome = fmt::format("'{}'", Uuid::MakeV7(absl::Now()).ToString());
  const std::string kTimes = "'-infinity', 'infinity'";
  const std::string kTenantText = fmt::format("'{}'", kTenant);
  const std::string kStates =
      "'{CREATED,RUNNING,PAUSED,COMPLETED,FAILED,CANCELLED,TIMED_OUT,TERMINATED}'::text[]";
  std::string executions =
      fmt::format("{}, {}, {}, {}, {}, '', 21", kTenantText, kStates, kLow, kHigh, kTimes);
  std::string events = fmt::format("'{{}}'::text[], {}, {}, {}", kTimes, kLow, kHigh);
  std::string deliveries =
      fmt::format("{}, {}, {}, {}, '', '', 21", kTenantText, kLow, kHigh, kTimes);
  struct Case {
    Statement query;
    std::string arguments;
  };
  const Case kCases[] = {
      {queries::kListExecutions, executions},
      {queries::kCountExecutions, executions},
      {queries::kListExecutionsOfWorkflow, executions + ", " + kSome},
      {queries::kCountExecutionsOfWorkflow, executions + ", " + kSome},
      {queries::kGetExecution, "2::smallint, " + kSome + ", " + kTenantText},
      {queries::kWatchExecution, "2::smallint, " + kSome + ", " + kTenantText + ", 0, '', 10"},
      {queries::kListEvents, kTenantText + ", 1000, " + events + ", 21"},
      {queries::kReadEvents, kTenantText + ", 5, " + events + ", 200, 1000"},
      {queries::kReadEventsOfWorkflow, kTenantText + ", 5, " + events + ", 200, 1000, " + kSome},
      {queries::kLastEvent, kTenantText},
      {queries::kListDeliveries, deliveries},
      {queries::kCountDeliveries, deliveries},
      {queries::kGetDelivery, kTenantText + ", " + kSome},
  };
  for (const Case& c : kCases) {
    std::string plan = PlanOf(c.query, c.arguments);
    INFO(c.query.name << "\n" << plan);
    CHECK(plan.find("Index") != std::string::npos);
    // Empty partitions may be scanned; the one with rows may not.
    for (const char* table : {"workflow_executions", "event_store", "webhooks"}) {
      std::string scan = fmt::format("Seq Scan on {}{}", table,
                                     absl::FormatTime("_%Y_%m", absl::Now(), absl::UTCTimeZone()));
      CHECK(plan.find(scan) == std::string::npos);
    }
  }
}

}  // namespace
}  // namespace penstock::workflow_engine

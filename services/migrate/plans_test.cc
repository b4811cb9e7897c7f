// The look-ups that carry the load find an index: the services' own statements, as the role that makes them, under row-level security, on
// tables with many rows and with the planner's defaults.
#include <catch2/catch.hpp>

#include "absl/strings/str_split.h"
#include "fmt/format.h"
#include "libs/postgres/statement.h"
#include "libs/testing/check.h"
#include "libs/testing/postgres.h"
#include "services/connector/credentials/queries.h"
#include "services/connector/oauth/oauth_queries.h"
#include "services/connector/outbound/queries.h"
#include "services/connector/providers/storage/provider_queries.h"
#include "services/connector/storage/queries.h"
#include "services/interfaces/storage/queries.h"
#include "services/migrate/sample_volume.h"
#include "services/scheduler/storage/queries.h"
#include "services/workflow_engine/storage/event_read_queries.h"
#include "services/workflow_engine/storage/execution_read_queries.h"
#include "services/workflow_engine/storage/load_queries.h"
#include "services/workflow_engine/storage/trigger_queries.h"
#include "services/workflow_engine/storage/version_queries.h"
#include "services/workflow_engine/storage/webhook_read_queries.h"
#include "services/workflow_engine/storage/workflow_queries.h"

namespace penstock::migrate {
namespace {

namespace tenancy = interfaces::storage;
namespace engine = workflow_engine::queries;
namespace stored = connector::storage;
namespace credentials = connector::credentials;
namespace oauth = connector::oauth_queries;
namespace outbound = connector::outbound;
namespace schedules = scheduler::storage;
using postgres::Role;
using postgres::Statement;
using testing::Check;
using testing::TestDatabase;

enum class Order { kAny, kByIndex };  // of the rows: by an index there is nothing to sort

struct Lookup {
  const char* purpose;
  Role role;
  const Statement& statement;
  // SQL expressions; T is the tenant with half of all rows.
  const char* arguments;
  // The columns by which one index must narrow, as EXPLAIN names them.
  std::vector<std::string> narrowed_by;
  Order order = Order::kAny;
};

const std::vector<Lookup>& Identity() {
  static const std::vector<Lookup> lookups = {
      {"the person who signs in", Role::kServer, tenancy::kFindCredentials, "T, 'USER500@example.com'", {"tenant_id", "email_key"}},
      {"the session that is refreshed", Role::kServer, tenancy::kLockSession, "T, id(5, 500)", {"tenant_id", "session_id"}},
      {"the token that is shown", Role::kServer, tenancy::kLoadRefreshToken, "T, id(5, 500), sha256('500')",
       {"tenant_id", "session_id", "token_hash"}},
      {"a person", Role::kServer, tenancy::kLoadUser, "T, id(3, 500)", {"tenant_id", "user_id"}},
      {"a person by address", Role::kServer, tenancy::kListUsers, "T, null, null, 'User500@example.com', null, 20", {"tenant_id", "email_key"}},
      {"people, newest first", Role::kServer, tenancy::kListUsers, "T, null, null, null, id(3, 9000), 20", {"tenant_id", "user_id"},
       Order::kByIndex},
      {"the other owners", Role::kServer, tenancy::kCountOtherOwners, "T, id(3, 500)", {"tenant_id", "role"}},
      {"roles of a person", Role::kServer, tenancy::kListRolesOfUser, "T, id(3, 500)", {"tenant_id", "user_id"}},
      {"sessions of a person", Role::kServer, tenancy::kRevokeSessionsOfUser, "T, id(3, 500), now(), 'logout'", {"tenant_id", "user_id"}},
      {"keys of a person", Role::kServer, tenancy::kRevokeKeysOfUser, "T, id(3, 500), now(), null", {"tenant_id", "user_id"}},
      {"a key", Role::kServer, tenancy::kLoadKey, "T, id(4, 500)", {"tenant_id", "api_key_id"}},
      {"keys of a project", Role::kServer, tenancy::kListKeys, "T, id(2, 500), false, null, 20", {"tenant_id", "project_id"}},
      {"keys, newest first", Role::kServer, tenancy::kListKeys, "T, null, true, id(4, 9000), 20", {"tenant_id", "api_key_id"}, Order::kByIndex},
      {"projects, newest first", Role::kServer, tenancy::kListProjects, "T, null, id(2, 2000), 20", {"tenant_id", "project_id"}, Order::kByIndex},
      {"companies, newest first", Role::kServer, tenancy::kListCompanies, "T, id(10, 9000), 20", {"tenant_id", "company_id"}, Order::kByIndex},
      {"the company of a request", Role::kServer, tenancy::kFindCompanyByRequest, "T, 'order-1'", {"tenant_id", "request_id"}},
      {"executions of the overview", Role::kServer, tenancy::kLoadOverview, "id(1, 77), 10000", {"tenant_id", "state"}},
      {"deliveries of the overview", Role::kServer, tenancy::kLoadOverview, "id(1, 77), 10000", {"tenant_id", "webhook_id"}},
      {"the audit log, newest first", Role::kServer, tenancy::kListAudit, "T, null, null, null, null, null, null, 40000, 20",
       {"tenant_id", "sequence"}, Order::kByIndex},
      {"the audit log of an hour", Role::kServer, tenancy::kListAudit,
       "T, null, null, null, null, now() - interval '30 days', now() - interval '30 days' + interval '1 hour', null, 20",
       {"tenant_id", "occurred_at"}},
      {"how much happened in an hour", Role::kServer, tenancy::kCountAudit,
       "T, null, null, null, null, now() - interval '30 days', now() - interval '30 days' + interval '1 hour'", {"tenant_id", "occurred_at"}},
      {"what happened to one thing", Role::kServer, tenancy::kListAudit, "T, null, 'user', id(3, 500)::text, null, null, null, null, 20",
       {"tenant_id", "resource_type", "resource_id"}, Order::kByIndex},
  };
  return lookups;
}

const std::vector<Lookup>& Workflows() {
  static const std::vector<Lookup> lookups = {
      {"workflows in a status", Role::kServer, engine::kListWorkflows, "T, 'active', null, null, null, id(6, 5000), 20",
       {"tenant_id", "status", "workflow_id"}, Order::kByIndex},
      {"a version", Role::kServer, engine::kLoadVersion, "T, id(6, 500), 1", {"tenant_id", "workflow_id", "version"}},
      {"what deliveries start", Role::kServer, engine::kListTriggers, "id(1, 77)", {"tenant_id"}},
      {"executions in a state, newest first", Role::kServer, engine::kListExecutions,
       "T, '{FAILED}', id(7, 1), id(7, 50000), '-infinity', 'infinity', '', 20", {"tenant_id", "state", "execution_id"}},
      {"executions of a workflow, newest first", Role::kServer, engine::kListExecutionsOfWorkflow,
       "T, '{COMPLETED,FAILED}', id(7, 1), id(7, 50000), '-infinity', 'infinity', '', 20, id(6, 500)", {"tenant_id", "workflow_id", "execution_id"},
       Order::kByIndex},
      {"one execution and its record", Role::kServer, engine::kGetExecution, "244, id(7, 500), T", {"shard_id", "execution_id"}},
      {"what is new about an execution", Role::kServer, engine::kWatchExecution, "244, id(7, 500), T, 0, '', 100", {"shard_id", "execution_id"}},
      {"deliveries, newest first", Role::kServer, engine::kListDeliveries,
       "T, id(8, 1), id(8, 50000), '-infinity', 'infinity', '', '', 20", {"tenant_id", "webhook_id"}, Order::kByIndex},
      {"a delivery", Role::kServer, engine::kGetDelivery, "T, id(8, 500)", {"tenant_id", "webhook_id"}},
      {"events from a position on", Role::kServer, engine::kReadEvents,
       "T, 100, '{}', '-infinity', 'infinity', id(9, 1), id(9, 60000), 100, 50000", {"tenant_id", "sequence_number"}, Order::kByIndex},
      {"events of a workflow", Role::kServer, engine::kReadEventsOfWorkflow,
       "T, 100, '{}', '-infinity', 'infinity', id(9, 1), id(9, 60000), 100, 50000, id(6, 500)", {"tenant_id", "workflow_id", "sequence_number"},
       Order::kByIndex},
      {"the end of a tenant's events", Role::kServer, engine::kLastEvent, "T", {"tenant_id"}},
      {"timers of some shards that are due", Role::kEngine, engine::kFindTimers, "'{7,8,9}', now() + interval '1 minute'", {"shard_id", "fires_at"}},
      {"what nobody runs in some shards", Role::kEngine, engine::kFindRunnable, "'{7,8,9}'", {"shard_id"}},
      {"an open execution", Role::kEngine, engine::kLoadExecution, "244, id(7, 500)", {"shard_id", "execution_id"}},
      {"the record of an execution", Role::kEngine, engine::kLoadNodes, "244, id(7, 500)", {"shard_id", "execution_id"}},
      {"the open nodes of an execution", Role::kEngine, engine::kLoadOpenNodes, "244, id(7, 500)", {"shard_id", "execution_id"}},
      {"the executions that keys started", Role::kEngine, engine::kFindExecutionKeys, "'{244}', ARRAY[id(1, 1)], '{key-500}'",
       {"shard_id", "tenant_id", "idempotency_key"}},
  };
  return lookups;
}

const std::vector<Lookup>& Connectors() {
  static const std::vector<Lookup> lookups = {
      {"a connector", Role::kServer, stored::kLoadConnector, "T, id(11, 500)",
       {"tenant_id", "connector_id"}},
      {"a connector by its name", Role::kServer, stored::kFindConnectorByName,
       "T, 'c-500', id(2, 500)", {"tenant_id", "connector_name"}},
      {"connectors, newest first", Role::kServer, stored::kListConnectors,
       "T, id(11, 9000), 20, null, null, null, null", {"tenant_id", "connector_id"},
       Order::kByIndex},
      {"connectors of a type", Role::kServer, stored::kListConnectorsOfType, "T, 'slack', null",
       {"tenant_id", "connector_type"}},
      {"that a call succeeded", Role::kServer, stored::kNoteSuccess, "T, id(11, 500)",
       {"tenant_id", "connector_id"}},
      {"that a call failed", Role::kServer, stored::kNoteFailure, "T, id(11, 500), '{}'",
       {"tenant_id", "connector_id"}},
      {"whether calls are blocked", Role::kServer, outbound::kLoadBlock, "T, id(11, 500)",
       {"tenant_id", "connector_id"}},
      {"a provider", Role::kServer, stored::kLoadProvider, "T, 'p-500'",
       {"tenant_id", "provider_id"}},
      {"providers by id", Role::kServer, stored::kListProviders, "T, 'p-5', '{}', '', '', 20",
       {"tenant_id", "provider_id"}, Order::kByIndex},
      {"secrets of a connector", Role::kServer, credentials::kLoadSealedValues,
       "T, 'connector', id(11, 500), '{token}', true", {"tenant_id", "owner_kind", "owner_id"}},
      {"the token of a grant", Role::kServer, credentials::kLoadSealedValues,
       "T, 'grant', id(12, 500), '{access_token}', true", {"tenant_id", "owner_kind", "owner_id"}},
      {"which secrets connectors have", Role::kServer, credentials::kListFields,
       "T, 'connector', array[id(11, 500), id(11, 502)]", {"tenant_id", "owner_kind", "owner_id"}},
      {"uses of secrets, newest first", Role::kServer, credentials::kListUses,
       "T, null, null, null, null, null, 40000, 20", {"tenant_id", "sequence"}, Order::kByIndex},
      {"what became of a use", Role::kServer, credentials::kListUses,
       "T, null, null, null, null, null, 40000, 20", {"tenant_id", "use_id"}},
      {"uses of a connector's secrets", Role::kServer, credentials::kListUses,
       "T, id(11, 500), null, null, null, null, null, 20", {"tenant_id", "owner_id"}},
      {"uses of an execution", Role::kServer, credentials::kListUses,
       "T, null, null, id(7, 500)::text, null, null, null, 20", {"tenant_id", "execution_id"}},
      {"how many uses there were in an hour", Role::kServer, credentials::kCountUses,
       "T, null, null, null, now() - interval '30 days', now() - interval '30 days' + "
       "interval '1 hour'",
       {"tenant_id", "occurred_at"}},
      {"the chain of uses, in order", Role::kServer, credentials::kReadUseChain, "T, 500, 1000",
       {"tenant_id", "sequence"}, Order::kByIndex},
      {"the end of the chain", Role::kServer, credentials::kLoadUseHead, "T", {"tenant_id"}},
      {"a grant", Role::kServer, oauth::kLoadGrant, "T, id(12, 500)", {"tenant_id", "grant_id"}},
      {"grants, newest first", Role::kServer, oauth::kListGrants,
       "T, id(12, 9000), null, null, '', 20", {"tenant_id", "grant_id"}},
      {"who uses a grant", Role::kServer, oauth::kListGrantUsers, "T, id(12, 500)",
       {"tenant_id", "grant_id"}},
      {"changes of a grant", Role::kServer, oauth::kListGrantChanges, "T, id(12, 500)",
       {"tenant_id", "grant_id"}, Order::kByIndex},
      {"the latest authorization of a grant", Role::kServer, oauth::kFindAuthorizationOutcome,
       "T, id(12, 500)", {"tenant_id", "grant_id"}, Order::kByIndex},
      {"token requests without an outcome", Role::kServer, oauth::kListOpenAttempts,
       "T, id(12, 500), 0", {"tenant_id", "grant_id"}},
      {"a token request", Role::kServer, oauth::kFindAttemptState, "T, id(15, 500)",
       {"tenant_id", "attempt_id"}},
      {"what a workflow calls another project by", Role::kServer, stored::kFindProjectConnectors,
       "T, 'p-500', id(2, 500)", {"tenant_id", "name"}},
      {"a project connector", Role::kServer, stored::kLoadProjectConnector, "T, id(17, 500)",
       {"tenant_id", "project_connector_id"}},
      {"project connectors, newest first", Role::kServer, stored::kListProjectConnectors,
       "T, null, null, null, null, null, id(17, 9000), 20", {"tenant_id", "project_connector_id"},
       Order::kByIndex},
      {"project connectors out of a project", Role::kServer, stored::kListProjectConnectors,
       "T, id(2, 500), null, null, null, null, null, 20", {"tenant_id", "source_project_id"}},
      {"project connectors into a project", Role::kServer, stored::kListProjectConnectors,
       "T, null, id(2, 500), null, null, null, null, 20", {"tenant_id", "target_project_id"}},
      {"a service interface", Role::kServer, tenancy::kLoadServiceInterface,
       "T, id(16, 500), null", {"tenant_id", "interface_id"}},
      {"interfaces of a service", Role::kServer, tenancy::kListInterfacesOfService, "T, id(6, 500)",
       {"tenant_id", "service_id"}},
      {"interfaces of a type, newest first", Role::kServer, tenancy::kListServiceInterfaces,
       "T, null, null, 'query', id(16, 9000), 20", {"tenant_id", "interface_type", "interface_id"},
       Order::kByIndex},
  };
  return lookups;
}

const std::vector<Lookup>& Schedules() {
  static const std::vector<Lookup> lookups = {
      {"schedules to decide about", Role::kServer, schedules::kLoadSchedules,
       "T, ARRAY[id(18, 500), id(18, 502)]", {"tenant_id", "schedule_id"}},
      {"schedules under a decision", Role::kServer, schedules::kLockSchedules,
       "T, ARRAY[id(18, 500), id(18, 502)]", {"tenant_id", "schedule_id"}},
      {"a schedule by its request", Role::kServer, schedules::kFindScheduleByRequest,
       "T, 'order-500'", {"tenant_id", "request_id"}},
      {"schedules, newest first", Role::kServer, schedules::kListSchedules,
       "T, null, null, null, id(18, 9000), 20", {"tenant_id", "schedule_id"}, Order::kByIndex},
      {"schedules of a workflow", Role::kServer, schedules::kListSchedules,
       "T, id(6, 500), null, null, null, 20", {"tenant_id", "workflow_id"}},
      {"open runs", Role::kServer, schedules::kLoadOpenRuns, "T, ARRAY[id(18, 500), id(18, 502)]",
       {"tenant_id", "schedule_id"}},
      {"runs of a schedule, latest first", Role::kServer, schedules::kListRuns,
       "T, id(18, 500), null, now(), 20", {"tenant_id", "schedule_id", "nominal_at"},
       Order::kByIndex},
      {"one run", Role::kServer, schedules::kLoadRun, "T, id(18, 500), now()",
       {"tenant_id", "schedule_id", "nominal_at"}},
      {"which instants have run", Role::kServer, schedules::kFindEarlierRuns,
       "T, id(18, 500), ARRAY[now()]", {"tenant_id", "schedule_id", "nominal_at"}},
      {"runs that wait for an end", Role::kServer, schedules::kSkipBuffered,
       "T, ARRAY[id(18, 500)], 'SUPERSEDED'", {"tenant_id", "schedule_id"}},
      {"old runs to be dropped", Role::kServer, schedules::kDropOldRuns,
       "T, ARRAY[id(18, 500)], 3600, 10, 1000", {"tenant_id", "schedule_id"}},
  };
  return lookups;
}

// One for all cases: filling it takes seconds.
const TestDatabase& SharedVolume() {
  static const TestDatabase database;
  static const bool filled = [] {
    FillWithSampleVolume(*database.ConnectAsSuperuser());
    return true;
  }();
  (void)filled;
  return database;
}

std::string Explain(postgres::Connection& connection, const std::string& sql, const std::string& arguments) {
  Check(connection.ExecuteScript("BEGIN; SET LOCAL search_path = public; SELECT set_config('app.tenant_id', id(1, 1)::text, true)"), "begin");
  Check(connection.ExecuteScript("PREPARE lookup AS " + sql), sql);
  std::string explain = fmt::format("EXPLAIN EXECUTE lookup({})", arguments);
  // The tenant with half of all rows.
  if (explain.find("(T") != std::string::npos) explain.replace(explain.find("(T") + 1, 1, "id(1, 1)");
  if (explain.find(" T") != std::string::npos) explain.replace(explain.find(" T") + 1, 1, "id(1, 1)");
  postgres::Result plan = Check(connection.Execute({"explain", explain.c_str()}), explain);
  Check(connection.ExecuteScript("ROLLBACK; DEALLOCATE lookup"), "rollback");
  std::string text;
  for (int row = 0; row < plan.rows(); ++row) text += plan.Get<std::string>(row, 0) + "\n";
  return text;
}

std::vector<std::string> Lines(const std::string& text) { return absl::StrSplit(text, '\n'); }

// Whether one index condition of the plan names all `columns`.
bool IsNarrowedBy(const std::string& plan, const std::vector<std::string>& columns) {
  for (const std::string& line : Lines(plan)) {
    bool all = line.find("Index Cond:") != std::string::npos;
    for (const std::string& column : columns) all = all && line.find(column) != std::string::npos;
    if (all) return true;
  }
  return false;
}

// But for the roles, which are five rows, and for partitions that are empty yet.
bool ReadsATableWhole(const std::string& plan) {
  for (const std::string& line : Lines(plan)) {
    if (line.find("Seq Scan") == std::string::npos) continue;
    if (line.find("Seq Scan on roles") == std::string::npos && line.find("(cost=0.00..0.00 ") == std::string::npos) return true;
  }
  return false;
}

// Of all rows before the first few are taken; a sort deeper down is of what belongs to one row.
bool SortsTheRows(const std::string& plan) {
  return plan.starts_with("Sort") || plan.find("\n  ->  Sort") != std::string::npos || plan.find("\n  ->  Incremental Sort") != std::string::npos;
}

void CheckLookup(const Lookup& lookup) {
  const std::string plan = Explain(*SharedVolume().Connect(lookup.role), lookup.statement.sql, lookup.arguments);
  INFO(lookup.purpose << " (" << lookup.statement.name << ")\n" << plan);
  CHECK_FALSE(ReadsATableWhole(plan));
  CHECK(IsNarrowedBy(plan, lookup.narrowed_by));
  if (lookup.order == Order::kByIndex) CHECK_FALSE(SortsTheRows(plan));
}

TEST_CASE("each hot look-up of identity is narrowed by an index under row-level security") {
  for (const Lookup& lookup : Identity()) CheckLookup(lookup);
}

TEST_CASE("each hot look-up of workflows is narrowed by an index under row-level security") {
  for (const Lookup& lookup : Workflows()) CheckLookup(lookup);
}

TEST_CASE("each hot look-up of connectors is narrowed by an index under row-level security") {
  for (const Lookup& lookup : Connectors()) CheckLookup(lookup);
}

TEST_CASE("each hot look-up of schedules is narrowed by an index under row-level security") {
  for (const Lookup& lookup : Schedules()) CheckLookup(lookup);
}

// What a function that looks past row-level security runs, with $1 for its argument.
std::string BodyOf(const char* function, const char* argument) {
  constexpr Statement kBody{"body", "SELECT regexp_replace(prosrc, '\\m' || $2 || '\\M', '$1', 'g') FROM pg_proc WHERE oid = $1::text::regproc"};
  return Check(SharedVolume().ConnectAsSuperuser()->Execute(kBody, std::move(postgres::Params().Add(function).Add(argument))), function)
      .Get<std::string>(0, 0);
}

TEST_CASE("the questions asked before a tenant is known find their row by an index") {
  const std::string key = BodyOf("tenancy.find_api_key", "hash"), tenant = BodyOf("tenancy.find_tenant", "client");
  const Statement find_key{"find_api_key", key.c_str()}, find_tenant{"find_tenant", tenant.c_str()};
  // They run as their owner.
  CheckLookup({"the key of a request", Role::kOwner, find_key, "sha256('500')", {"key_hash"}});
  CheckLookup({"the tenant of a URL by its name", Role::kOwner, find_tenant, "'tenant-77'", {"slug"}});
  CheckLookup({"the tenant of a URL by its id", Role::kOwner, find_tenant, "id(1, 77)::text", {"tenant_id"}});
  const std::string due = BodyOf("connector.due_grants", "how_many");
  CheckLookup({"grants to refresh", Role::kOwner, {"due_grants", due.c_str()}, "50", {"refresh_at"}});
  const std::string due_schedules = BodyOf("schedule.claim_schedules", "how_many"), due_runs = BodyOf("schedule.claim_runs", "how_many");
  CheckLookup({"schedules that are due", Role::kOwner, {"claim_schedules", due_schedules.c_str()}, "50", {"nextrun"}, Order::kByIndex});
  CheckLookup({"runs to look at", Role::kOwner, {"claim_runs", due_runs.c_str()}, "50", {"wake_at"}, Order::kByIndex});
}

}  // namespace
}  // namespace penstock::migrate

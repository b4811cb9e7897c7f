#include "tests/chaos/verdict.h"

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "libs/status/macros.h"

namespace penstock::chaos {
namespace {

using postgres::Connection;
using postgres::Params;
using postgres::Result;
using postgres::Statement;

// Waits in the server for a moment, so that looking again and again costs little.
constexpr Statement kCountOpen{"count_open", R"sql(
  SELECT (SELECT count(*) FROM workflow.open_executions) + (SELECT count(*) FROM workflow.open_nodes)
         + (SELECT count(*) FROM workflow.timers)
         + (SELECT count(*) FROM workflow.workflow_executions WHERE completed_at IS NULL) AS open
  FROM pg_sleep(0.1))sql"};

constexpr Statement kCountExecutions{"count_executions",
                                     "SELECT count(*) FROM workflow.workflow_executions"};

// Each returns the offenders as text; none is right.
struct Rule {
  const char* what;
  Statement offenders;
};
constexpr Rule kRules[] = {
    {"an execution did not complete", {"not_completed", R"sql(
       SELECT execution_id || ' ' || state || ' ' || coalesce(error::text, '') FROM workflow.workflow_executions
       WHERE state <> 'COMPLETED')sql"}},
    {"a node attempt has two outcomes", {"two_outcomes", R"sql(
       SELECT execution_id || ' ' || node_id || ' attempt ' || attempt FROM workflow.node_executions
       GROUP BY execution_id, node_id, visit, attempt HAVING count(*) > 1)sql"}},
    {"a node completed twice", {"completed_twice", R"sql(
       SELECT execution_id || ' ' || node_id FROM workflow.node_executions WHERE state = 'COMPLETED'
       GROUP BY execution_id, node_id, visit HAVING count(*) > 1)sql"}},
    {"an execution's record has gaps", {"record_gaps", R"sql(
       SELECT execution_id::text FROM workflow.node_executions
       GROUP BY execution_id HAVING count(*) <> max(sequence) OR min(sequence) <> 1)sql"}},
    {"a node of the version has no outcome", {"missing_nodes", R"sql(
       SELECT e.execution_id || ' ' || (node ->> 'id')
       FROM workflow.workflow_executions e
       JOIN workflow.workflow_versions v ON v.tenant_id = e.tenant_id AND v.workflow_id = e.workflow_id AND v.version = e.version
       CROSS JOIN jsonb_array_elements(v.nodes) AS node
       LEFT JOIN workflow.node_executions n
         ON n.shard_id = e.shard_id AND n.execution_id = e.execution_id AND n.node_id = node ->> 'id'
       WHERE n.execution_id IS NULL)sql"}},
    {"a tenant's events have gaps", {"event_gaps", R"sql(
       SELECT tenant_id || ': ' || count(*) || ' events, last is ' || max(sequence_number) FROM workflow.event_store
       GROUP BY tenant_id HAVING count(*) <> max(sequence_number) OR min(sequence_number) <> 1
         OR count(DISTINCT sequence_number) <> count(*))sql"}},
    {"an execution's end is not one event", {"end_events", R"sql(
       SELECT e.execution_id::text FROM workflow.workflow_executions e
       LEFT JOIN workflow.event_store s ON s.tenant_id = e.tenant_id AND s.job_id = e.execution_id
         AND s.event_type = 'workflow.execution.completed'
       WHERE e.state = 'COMPLETED' GROUP BY e.execution_id HAVING count(s.event_id) <> 1)sql"}},
    {"a delivery did not start exactly one execution", {"deliveries", R"sql(
       SELECT w.webhook_id || ' ' || w.outcome FROM workflow.webhooks w
       LEFT JOIN workflow.workflow_executions e ON e.webhook_id = w.webhook_id
       GROUP BY w.tenant_id, w.webhook_id, w.outcome, w.execution_ids
       HAVING count(e.execution_id) <> 1 OR cardinality(w.execution_ids) <> 1
         OR min(e.execution_id::text) IS DISTINCT FROM w.execution_ids[1]::text)sql"}},
    {"a key is not held by the execution it started", {"keys", R"sql(
       SELECT k.idempotency_key FROM workflow.execution_keys k
       LEFT JOIN workflow.workflow_executions e USING (execution_id) WHERE e.execution_id IS NULL)sql"}},
};

constexpr Statement kWebhooksNotOnce{"webhooks_not_once", R"sql(
  SELECT promised || ': ' || count(e.execution_id) || ' executions' FROM unnest($1::text[]) AS promised
  LEFT JOIN (SELECT execution_id, input #>> '{data,token}' AS token FROM workflow.workflow_executions) AS e ON e.token = promised
  GROUP BY promised HAVING count(e.execution_id) <> 1)sql"};
constexpr Statement kLostStarts{"lost_starts", R"sql(
  SELECT promised::text FROM unnest($1::uuid[]) AS promised
  LEFT JOIN workflow.workflow_executions e ON e.execution_id = promised WHERE e.execution_id IS NULL)sql"};

constexpr int kShownEach = 3;

void Add(const std::string& what, const Result& offenders, Verdict& verdict) {
  if (offenders.rows() == 0) return;
  std::string text = fmt::format("{} ({} times)", what, offenders.rows());
  for (int i = 0; i < std::min(offenders.rows(), kShownEach); ++i) {
    text += fmt::format("\n    {}", offenders.Get<std::string>(i, 0));
  }
  verdict.violations.push_back(text);
}

absl::Status CheckWebhooks(Connection& database, const std::set<std::string>& tokens,
                           Verdict& verdict) {
  postgres::Array<std::string_view> promised;
  for (const std::string& token : tokens) promised.Append(token);
  ASSIGN_OR_RETURN(Result offenders, database.Execute(kWebhooksNotOnce, Params().Add(promised)));
  Add("a webhook was acknowledged and did not run exactly once", offenders, verdict);
  return absl::OkStatus();
}

absl::Status CheckStarts(Connection& database, const std::set<std::string>& starts,
                         Verdict& verdict) {
  postgres::Array<Uuid> promised;
  for (const std::string& text : starts) {
    if (std::optional<Uuid> id = Uuid::Parse(text)) promised.Append(*id);
  }
  ASSIGN_OR_RETURN(Result offenders, database.Execute(kLostStarts, Params().Add(promised)));
  Add("a start was acknowledged and lost", offenders, verdict);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Verdict> Judge(Connection& database, const Acknowledged& acknowledged,
                              absl::Duration patience) {
  Verdict verdict;
  absl::Time deadline = absl::Now() + patience;
  while (true) {
    ASSIGN_OR_RETURN(Result open, database.Execute(kCountOpen));
    int64_t count = open.Get<int64_t>(0, 0);
    if (count == 0) break;
    if (absl::Now() > deadline) {
      verdict.violations.push_back(fmt::format("{} rows of open work are stuck", count));
      break;
    }
  }
  for (const Rule& rule : kRules) {
    ASSIGN_OR_RETURN(Result offenders, database.Execute(rule.offenders));
    Add(rule.what, offenders, verdict);
  }
  RETURN_IF_ERROR(CheckWebhooks(database, acknowledged.webhooks(), verdict));
  RETURN_IF_ERROR(CheckStarts(database, acknowledged.starts(), verdict));
  for (const auto& [key, executions] : acknowledged.by_key()) {
    if (executions.size() != 1) {
      verdict.violations.push_back(
          fmt::format("key {} started {} executions", key, executions.size()));
    }
  }
  ASSIGN_OR_RETURN(Result executions, database.Execute(kCountExecutions));
  verdict.executions = executions.Get<int64_t>(0, 0);
  return verdict;
}

}  // namespace penstock::chaos

#include "services/workflow_engine/testing/recorded.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "fmt/format.h"
#include "libs/crypto/encoding.h"
#include "libs/crypto/hash.h"
#include "services/workflow_engine/engine/payload_reference.h"

namespace penstock::workflow_engine {
namespace {

std::string Literal(const std::string& text) {
  std::string literal = "'";
  for (char c : text) literal += c == '\'' ? std::string("''") : std::string(1, c);
  return literal + "'";
}

std::string OrNull(const std::string& text) { return text.empty() ? "NULL" : Literal(text); }

std::string Literal(absl::Time time) {
  return Literal(absl::FormatTime(absl::RFC3339_full, time, absl::UTCTimeZone()));
}

}  // namespace

Recorded::Recorded() : superuser_(database_.ConnectAsSuperuser()) {
  pool_ = postgres::Pool::Create({.conninfo = database_.Conninfo(postgres::Role::kServer)}).value();
}

TenantId Recorded::MakeTenant() { return TenantId::Make(absl::Now()); }

auth::CallContext Recorded::CallerOf(TenantId tenant) {
  auth::CallContext caller;
  caller.tenant = tenant;
  return caller;
}

void Recorded::Run(const std::string& sql) {
  absl::Status status = superuser_->ExecuteScript(sql);
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n%s\n", status.ToString().c_str(), sql.c_str());
  std::abort();
}

ExecutionId Recorded::Add(const RecordedExecution& execution) {
  ExecutionId id(Uuid::MakeV7(execution.at));
  std::string at = Literal(execution.at);
  Run(fmt::format(
      "INSERT INTO workflow.workflow_executions (shard_id, execution_id, tenant_id, workflow_id, "
      "version, state, trigger_type, trigger_node, input, result, error, started_at, updated_at, "
      "completed_at) VALUES ({}, '{}', '{}', '{}', 1, '{}', 'manual', 't', {}, {}, {}, {}, {}, {})",
      id.uuid().last_byte(), id.ToString(), execution.tenant.ToString(),
      execution.workflow.ToString(), ExecutionStateName(execution.state), Literal(execution.input),
      OrNull(execution.result), OrNull(execution.error), at, at,
      IsOver(execution.state) ? at : "NULL"));
  return id;
}

void Recorded::Add(const RecordedNode& node) {
  Run(fmt::format(
      "INSERT INTO workflow.node_executions (shard_id, execution_id, sequence, tenant_id, node_id, "
      "node_type, state, output, started_at, completed_at) VALUES ({}, '{}', {}, '{}', {}, "
      "'function', 'COMPLETED', {}, now(), now())",
      node.execution.uuid().last_byte(), node.execution.ToString(), node.sequence,
      node.tenant.ToString(), Literal(node.node_id), Literal(node.output)));
}

void Recorded::Add(const RecordedOpenNode& node) {
  Run(fmt::format(
      "INSERT INTO workflow.open_nodes (shard_id, execution_id, node_id, visit, tenant_id, "
      "attempt, "
      "state, held_by, wake_at, first_started_at, started_at) VALUES ({}, '{}', {}, 1, '{}', 2, "
      "'WAITING', '{}', {}, {}, {})",
      node.execution.uuid().last_byte(), node.execution.ToString(), Literal(node.node_id),
      node.tenant.ToString(), node.wake_at ? "timer" : "lease",
      node.wake_at ? Literal(*node.wake_at) : "NULL", Literal(node.at), Literal(node.at)));
}

WebhookId Recorded::Add(const RecordedDelivery& delivery) {
  WebhookId id(Uuid::MakeV7(delivery.at));
  Run(fmt::format(
      "INSERT INTO workflow.webhooks (webhook_id, tenant_id, trigger_type, action_type, payload, "
      "outcome, execution_ids, received_at) VALUES ('{}', '{}', {}, {}, {}, 'accepted', '{{}}', "
      "{})",
      id.ToString(), delivery.tenant.ToString(), Literal(delivery.trigger_type),
      Literal(delivery.action_type), Literal(delivery.payload), Literal(delivery.at)));
  return id;
}

std::string Recorded::AddLargePayload(TenantId tenant, const std::string& json) {
  std::string hash = crypto::Sha256(json);
  Run(
      fmt::format("INSERT INTO workflow.payloads (tenant_id, hash, content) VALUES ('{}', "
                  "'\\x{}', {})",
                  tenant.ToString(), crypto::HexEncode(hash), Literal(json)));
  return PayloadReference(hash);
}

WorkflowId Recorded::AddVersion(TenantId tenant, const std::string& nodes) {
  std::string project = Uuid::MakeV7(absl::Now()).ToString();
  WorkflowId workflow = WorkflowId::Make(absl::Now());
  std::string t = tenant.ToString(), w = workflow.ToString();
  Run(fmt::format(
      "INSERT INTO tenancy.tenants (tenant_id, slug, name) VALUES ('{0}', 't-{0}', 'T');"
      "INSERT INTO tenancy.projects (tenant_id, project_id, name) VALUES ('{0}', '{1}', 'P');"
      "INSERT INTO workflow.workflows (tenant_id, workflow_id, project_id, name, "
      "service_display_name) VALUES ('{0}', '{2}', '{1}', 'W', 'W');"
      "INSERT INTO workflow.workflow_versions (tenant_id, workflow_id, version, nodes, edges, "
      "variables, settings) VALUES ('{0}', '{2}', 1, {3}, '[]', '{{}}', '{{}}');",
      t, project, w, Literal(nodes)));
  return workflow;
}

void Recorded::AddEvents(TenantId tenant, int count, std::string_view type,
                         std::optional<WorkflowId> workflow) {
  std::string sql = fmt::format("BEGIN; SELECT workflow.lock_event_streams(ARRAY['{}']::uuid[]);",
                                tenant.ToString());
  for (int i = 0; i < count; ++i) {
    absl::Time now = absl::Now();
    sql += fmt::format(
        "INSERT INTO workflow.event_store (event_id, tenant_id, sequence_number, event_type, "
        "workflow_id, payload, \"timestamp\") SELECT '{0}', '{1}', coalesce(max(sequence_number), "
        "0) + 1, '{2}', {3}, '{{}}', {4} FROM workflow.event_store WHERE tenant_id = '{1}';",
        Uuid::MakeV7(now).ToString(), tenant.ToString(), type,
        workflow ? "'" + workflow->ToString() + "'" : "NULL", Literal(now));
  }
  Run(sql + "COMMIT");
}

}  // namespace penstock::workflow_engine

#include "services/migrate/sample_rows.h"

namespace penstock::migrate {

const std::map<std::string, std::string>& SampleRows() {
  static const std::map<std::string, std::string> rows = {
      {"tenancy.tenants",
       "INSERT INTO tenancy.tenants (tenant_id, slug, name) "
       "VALUES ($1::uuid, 'sample-' || substr($1::text, 30) || floor(random() * 1e6)::text, 'Sample')"},
      {"tenancy.projects",
       "INSERT INTO tenancy.projects (tenant_id, project_id, name) "
       "VALUES ($1, gen_random_uuid(), gen_random_uuid()::text)"},
      {"tenancy.users",
       "INSERT INTO tenancy.users (tenant_id, user_id, email) "
       "VALUES ($1, gen_random_uuid(), gen_random_uuid() || '@example.com')"},
      {"tenancy.api_keys",
       "INSERT INTO tenancy.api_keys (tenant_id, api_key_id, name, prefix, key_hash) "
       "VALUES ($1, gen_random_uuid(), 'sample', 'pk_test_abcdefgh', sha256(gen_random_uuid()::text::bytea))"},
      {"tenancy.user_roles",
       "INSERT INTO tenancy.user_roles (tenant_id, user_id, role) VALUES ($1, gen_random_uuid(), 'viewer')"},
      {"tenancy.user_credentials",
       "INSERT INTO tenancy.user_credentials (tenant_id, user_id, password_hash) "
       "VALUES ($1, gen_random_uuid(), '$argon2id$v=19$sample')"},
      {"tenancy.sessions",
       "INSERT INTO tenancy.sessions (tenant_id, session_id, user_id, created_at, expires_at) "
       "VALUES ($1, gen_random_uuid(), gen_random_uuid(), now(), now())"},
      {"tenancy.refresh_tokens",
       "INSERT INTO tenancy.refresh_tokens (tenant_id, session_id, token_hash, issued_at) "
       "VALUES ($1, gen_random_uuid(), sha256(gen_random_uuid()::text::bytea), now())"},
      {"tenancy.tenant_settings", "INSERT INTO tenancy.tenant_settings (tenant_id) VALUES ($1)"},
      {"tenancy.tenant_email_settings", "INSERT INTO tenancy.tenant_email_settings (tenant_id) VALUES ($1)"},
      {"tenancy.companies",
       "INSERT INTO tenancy.companies (tenant_id, company_id, name) VALUES ($1, gen_random_uuid(), 'Sample')"},
      {"tenancy.tenant_companies",
       "INSERT INTO tenancy.tenant_companies (tenant_id, company_id) VALUES ($1, gen_random_uuid())"},
      {"tenancy.user_profiles",
       "INSERT INTO tenancy.user_profiles (tenant_id, user_id) VALUES ($1, gen_random_uuid())"},
      {"tenancy.audit_log",
       "INSERT INTO tenancy.audit_log (tenant_id, sequence, occurred_at, action, resource_type, resource_id, "
       "previous_hash, hash) "
       "VALUES ($1, 1, now(), 'sample.made', 'sample', '1', sha256(''), sha256(''))"},
      {"tenancy.audit_heads",
       "INSERT INTO tenancy.audit_heads (tenant_id, sequence, hash) VALUES ($1, 1, sha256(''))"},
      {"tenancy.tenant_lifecycles", "INSERT INTO tenancy.tenant_lifecycles (tenant_id, state) VALUES ($1, 'set_up')"},
      {"connector.integration_connectors",
       "INSERT INTO connector.integration_connectors (tenant_id, connector_id, connector_name, display_name, service_name, connector_type, "
       "auth_type, base_url) VALUES ($1, gen_random_uuid(), 'sample-' || gen_random_uuid(), 'Sample', 'sample', 'api', 'bearer', 'https://x')"},
      {"connector.rate_limits",
       "INSERT INTO connector.rate_limits (tenant_id, connector_id) VALUES ($1, gen_random_uuid())"},
      {"connector.providers",
       "INSERT INTO connector.providers (tenant_id, provider_id, provider) "
       "SELECT $1::uuid, id, jsonb_build_object('id', id) FROM (SELECT 'sample-' || substr(md5(random()::text), 1, 8) AS id) AS new"},
      {"workflow.signals",
       "INSERT INTO workflow.signals (shard_id, execution_id, sequence, tenant_id, name, payload, received_at) "
       "VALUES (0, gen_random_uuid(), 1, $1, 'sample', '{}', now())"},
      {"workflow.task_queues",
       "INSERT INTO workflow.task_queues (tenant_id, task_queue_id, project_id, name, channel_display_name) "
       "VALUES ($1, gen_random_uuid(), gen_random_uuid(), gen_random_uuid()::text, 'Sample')"},
      {"workflow.workflows",
       "INSERT INTO workflow.workflows (tenant_id, workflow_id, project_id, name, service_display_name) "
       "VALUES ($1, gen_random_uuid(), gen_random_uuid(), 'sample', 'Sample')"},
      {"workflow.workflow_versions",
       "INSERT INTO workflow.workflow_versions (tenant_id, workflow_id, version, nodes, edges, variables, settings) "
       "VALUES ($1, gen_random_uuid(), 1, '[]', '[]', '{}', '{}')"},
      {"workflow.triggers",
       "INSERT INTO workflow.triggers (tenant_id, workflow_id, node_id, version, trigger_type, action_type) "
       "VALUES ($1, gen_random_uuid(), 'trigger', 1, 'webhook', 'order')"},
      {"workflow.route_generations", "INSERT INTO workflow.route_generations (tenant_id) VALUES ($1)"},
      {"workflow.signing_secrets",
       "INSERT INTO workflow.signing_secrets (tenant_id, name, sealed) "
       "VALUES ($1, gen_random_uuid()::text, 'sealed')"},
      {"workflow.workflow_executions",
       "INSERT INTO workflow.workflow_executions (shard_id, execution_id, tenant_id, workflow_id, version, state, "
       "trigger_type, trigger_node, input, started_at, updated_at) "
       "VALUES (0, gen_random_uuid(), $1, gen_random_uuid(), 1, 'RUNNING', 'webhook', 'trigger', '{}', now(), now())"},
      {"workflow.node_executions",
       "INSERT INTO workflow.node_executions (shard_id, execution_id, sequence, tenant_id, node_id, node_type, state, "
       "started_at, completed_at) "
       "VALUES (0, gen_random_uuid(), 1, $1, 'n', 'function', 'COMPLETED', now(), now())"},
      {"workflow.open_nodes",
       "INSERT INTO workflow.open_nodes (shard_id, execution_id, node_id, visit, tenant_id, attempt, state, held_by, "
       "first_started_at, started_at) "
       "VALUES (0, gen_random_uuid(), 'n', 1, $1, 1, 'RUNNING', 'lease', now(), now())"},
      {"workflow.timers",
       "INSERT INTO workflow.timers (shard_id, fires_at, execution_id, purpose, tenant_id) "
       "VALUES (0, now(), gen_random_uuid(), 'execution_timeout', $1)"},
      {"workflow.open_executions",
       "INSERT INTO workflow.open_executions (shard_id, execution_id, tenant_id) VALUES (0, gen_random_uuid(), $1)"},
      {"workflow.execution_keys",
       "INSERT INTO workflow.execution_keys (shard_id, tenant_id, idempotency_key, execution_id, request_hash) "
       "VALUES (0, $1, gen_random_uuid()::text, gen_random_uuid(), '')"},
      {"workflow.webhooks",
       "INSERT INTO workflow.webhooks (webhook_id, tenant_id, trigger_type, action_type, payload, outcome, "
       "execution_ids, received_at) "
       "VALUES (gen_random_uuid(), $1, 'webhook', 'order', '{}', 'accepted', '{}', now())"},
      {"workflow.event_store",
       "INSERT INTO workflow.event_store (event_id, tenant_id, sequence_number, event_type, payload, \"timestamp\") "
       "VALUES (gen_random_uuid(), $1, 1, 'sample', '{}', now())"},
      {"workflow.payloads",
       "INSERT INTO workflow.payloads (tenant_id, hash, content) "
       "VALUES ($1, sha256(gen_random_uuid()::text::bytea), '{}')"},
      {"connector.tenant_keys",
       "INSERT INTO connector.tenant_keys (tenant_id, key_version, root_key_id, wrapped_key, state) "
       "VALUES ($1, 1 + floor(random() * 1e9)::integer, 'local:sample', sha256(''), 'decrypt_only')"},
      {"connector.sealed_values",
       "INSERT INTO connector.sealed_values (tenant_id, owner_kind, owner_id, field, value_version, key_version, sealed) "
       "VALUES ($1, 'connector', gen_random_uuid(), 'sample', nextval('connector.value_versions'), 1, "
       "'\\x50530101' || uuid_send($1) || int4send(1) || decode(repeat('00', 120), 'hex'))"},
      {"connector.credential_audit",
       "INSERT INTO connector.credential_audit VALUES ($1, 1, now(), 'opened', gen_random_uuid(), 'connector', gen_random_uuid(), "
       "'{sample}', '{1}', 'fetch', 'sample.example', '', NULL, NULL, '', '', '', 0, sha256(''), sha256(''))"},
      {"connector.credential_audit_heads",
       "INSERT INTO connector.credential_audit_heads (tenant_id, sequence, hash) VALUES ($1, 1, sha256(''))"},
      {"connector.oauth_grants",
       "INSERT INTO connector.oauth_grants (tenant_id, grant_id, connector_id, display_name, config) "
       "VALUES ($1, gen_random_uuid(), gen_random_uuid(), 'Sample', '{}')"},
      {"connector.oauth_grant_changes",
       "INSERT INTO connector.oauth_grant_changes (tenant_id, grant_id, from_state, to_state, reason, token_version) "
       "VALUES ($1, gen_random_uuid(), 'pending', 'active', '', 1)"},
      {"connector.oauth_attempts",
       "INSERT INTO connector.oauth_attempts (tenant_id, attempt_id, grant_id, kind, config, provider, expires_at) "
       "VALUES ($1, gen_random_uuid(), gen_random_uuid(), 'code', '{}', 'sample', now())"},
      {"connector.refresh_attempts",
       "INSERT INTO connector.refresh_attempts (tenant_id, attempt_id, grant_id, fence, token_version_used) "
       "VALUES ($1, gen_random_uuid(), gen_random_uuid(), 1, 1)"},
      {"connector.project_connectors",
       "INSERT INTO connector.project_connectors (tenant_id, project_connector_id, source_project_id, target_project_id, target_service_id, "
       "target_interface_id, name, display_name) VALUES ($1, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), "
       "gen_random_uuid(), 'sample', 'Sample')"},
      {"interface.service_interfaces",
       "INSERT INTO interface.service_interfaces (tenant_id, interface_id, service_id, name, display_name, interface_type, callable_name) "
       "VALUES ($1, gen_random_uuid(), gen_random_uuid(), 'sample', 'Sample', 'signal', 'sample')"},
      {"schedule.scheduled_events",
       "INSERT INTO schedule.scheduled_events (tenant_id, schedule_id, workflow_id, project_id, spec, decided_until, nextrun) "
       "VALUES ($1, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '{}', now(), now())"},
      {"schedule.schedule_runs",
       "INSERT INTO schedule.schedule_runs (tenant_id, schedule_id, nominal_at, origin, state, reason, last_nominal_at, overlap_policy, due_at) "
       "VALUES ($1, gen_random_uuid(), now(), 'schedule', 'skipped', 'MISSED', now(), 'skip', now())"},
      {"schedule.backfills",
       "INSERT INTO schedule.backfills (tenant_id, backfill_id, schedule_id, start_at, end_at, overlap_policy, done_until, total_instants, wake_at) "
       "VALUES ($1, gen_random_uuid(), gen_random_uuid(), now(), now(), 'skip', now(), 1, now())"},
  };
  return rows;
}

}  // namespace penstock::migrate

#include "services/migrate/sample_volume.h"

#include "libs/testing/check.h"

namespace penstock::migrate {
namespace {

// Without triggers and foreign keys: it is the amount that matters, and they would take minutes. Ids lie in this month, whose partition is there.
constexpr char kFill[] = R"sql(
  SET session_replication_role = replica;
  CREATE FUNCTION public.id(kind int, n bigint) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM date_trunc('month', now(), 'UTC')) * 1000)::bigint + n), 12, '0') || '7' ||
            lpad(to_hex(kind), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid $$;
  CREATE FUNCTION public.tenant_of(n bigint) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT public.id(1, CASE WHEN n % 2 = 0 THEN 1 ELSE 2 + n % 4999 END) $$;

  INSERT INTO tenancy.tenants (tenant_id, slug, name) SELECT id(1, n), 'tenant-' || n, 'Tenant' FROM generate_series(1, 5000) n;
  INSERT INTO tenancy.projects (tenant_id, project_id, name) SELECT tenant_of(n), id(2, n), 'project ' || n FROM generate_series(1, 5000) n;
  INSERT INTO tenancy.users (tenant_id, user_id, email)
    SELECT tenant_of(n), id(3, n), 'User' || n || '@example.com' FROM generate_series(1, 20000) n;
  INSERT INTO tenancy.user_roles (tenant_id, user_id, role)
    SELECT tenant_of(n), id(3, n), CASE WHEN n % 500 < 2 THEN 'owner' ELSE 'developer' END FROM generate_series(1, 20000) n;
  INSERT INTO tenancy.user_credentials (tenant_id, user_id, password_hash)
    SELECT tenant_of(n), id(3, n), '$argon2id$v=19$sample' FROM generate_series(1, 20000) n;
  INSERT INTO tenancy.companies (tenant_id, company_id, name) SELECT tenant_of(n), id(10, n), 'company ' || n FROM generate_series(1, 20000) n;
  INSERT INTO tenancy.tenant_companies (tenant_id, company_id) SELECT tenant_of(n), id(10, n) FROM generate_series(1, 20000) n;
  INSERT INTO tenancy.api_keys (tenant_id, api_key_id, name, prefix, key_hash, project_id, user_id)
    SELECT tenant_of(n), id(4, n), 'key ' || n, 'pk_live_' || lpad(n::text, 8, '0'), sha256(n::text::bytea), id(2, n % 5000), id(3, n)
    FROM generate_series(1, 20000) n;
  INSERT INTO tenancy.sessions (tenant_id, session_id, user_id, created_at, expires_at)
    SELECT tenant_of(n), id(5, n), id(3, n % 20000), now(), now() + n * interval '1 minute' FROM generate_series(1, 40000) n;
  INSERT INTO tenancy.refresh_tokens (tenant_id, session_id, token_hash, issued_at, used_at, successor_salt)
    SELECT tenant_of(n), id(5, n), sha256((n || 'used')::bytea), now(), now(), sha256('salt') FROM generate_series(1, 40000) n;
  INSERT INTO tenancy.refresh_tokens (tenant_id, session_id, token_hash, issued_at)
    SELECT tenant_of(n), id(5, n), sha256(n::text::bytea), now() FROM generate_series(1, 40000) n;
  INSERT INTO tenancy.audit_log (tenant_id, sequence, occurred_at, action, resource_type, resource_id, previous_hash, hash)
    SELECT tenant_of(n), n, now() - (60000 - n) * interval '1 minute', (ARRAY['user.created', 'user.updated', 'project.created'])[1 + n % 3], 'user',
           id(3, n % 20000)::text, sha256('a'), sha256('b')
    FROM generate_series(1, 60000) n;

  INSERT INTO workflow.workflows (tenant_id, workflow_id, project_id, name, service_display_name, status, version)
    SELECT tenant_of(n), id(6, n), id(2, n % 5000), 'w', 'w', CASE WHEN n % 10 < 2 THEN 'active' ELSE 'draft' END, 1 FROM generate_series(1, 10000) n;
  INSERT INTO workflow.workflow_versions (tenant_id, workflow_id, version, nodes, edges, variables, settings)
    SELECT tenant_of(n), id(6, n), 1, '[]', '[]', '{}', '{}' FROM generate_series(1, 10000) n;
  INSERT INTO workflow.triggers (tenant_id, workflow_id, node_id, version, trigger_type, action_type)
    SELECT tenant_of(n), id(6, n), 't', 1, 'webhook', 'action-' || n FROM generate_series(1, 10000) n;
  INSERT INTO workflow.workflow_executions (shard_id, execution_id, tenant_id, workflow_id, version, state, trigger_type, trigger_node, input,
                                            started_at, updated_at, completed_at)
    SELECT n % 256, id(7, n), tenant_of(n), id(6, n % 10000), 1, CASE WHEN n % 50 < 2 THEN 'FAILED' ELSE 'COMPLETED' END, 'webhook.w', 't', '{}',
           now(), now(), now()
    FROM generate_series(1, 60000) n;
  INSERT INTO workflow.node_executions (shard_id, execution_id, sequence, tenant_id, node_id, node_type, state, started_at, completed_at)
    SELECT n % 256, id(7, n), s, tenant_of(n), 'n' || s, 'function', 'COMPLETED', now(), now() FROM generate_series(1, 30000) n, generate_series(1, 3) s;
  INSERT INTO workflow.open_executions (shard_id, execution_id, tenant_id) SELECT n % 256, id(7, n), tenant_of(n) FROM generate_series(1, 20000) n;
  INSERT INTO workflow.open_nodes (shard_id, execution_id, node_id, visit, tenant_id, attempt, state, held_by, wake_at, first_started_at, started_at)
    SELECT n % 256, id(7, n), 'wait', 1, tenant_of(n), 1, 'WAITING', 'timer', now(), now(), now() FROM generate_series(1, 20000) n;
  INSERT INTO workflow.timers (shard_id, fires_at, execution_id, purpose, node_id, visit, tenant_id)
    SELECT n % 256, now() + n * interval '1 second', id(7, n), 'node', 'wait', 1, tenant_of(n) FROM generate_series(1, 20000) n;
  INSERT INTO workflow.execution_keys (shard_id, tenant_id, idempotency_key, execution_id, request_hash)
    SELECT n % 256, tenant_of(n), 'key-' || n, id(7, n), '' FROM generate_series(1, 20000) n;
  INSERT INTO workflow.webhooks (webhook_id, tenant_id, trigger_type, action_type, payload, outcome, execution_ids, received_at)
    SELECT id(8, n), tenant_of(n), 'webhook', 'w', '{}', 'accepted', '{}', now() FROM generate_series(1, 60000) n;
  INSERT INTO workflow.event_store (event_id, tenant_id, sequence_number, event_type, workflow_id, payload, "timestamp")
    SELECT id(9, n), tenant_of(n), n, 'workflow.execution.completed', id(6, n % 10000), '{}', now() FROM generate_series(1, 60000) n;

  INSERT INTO connector.integration_connectors (tenant_id, connector_id, connector_name, display_name, service_name, connector_type, auth_type,
                                                base_url, grant_id)
    SELECT tenant_of(n), id(11, n), 'c-' || n, 'c', 'example', (ARRAY['email', 'slack', 'database', 'api', 'oauth'])[1 + n / 2 % 5], 'bearer',
           'https://api.example.com', CASE WHEN n % 10 < 2 THEN id(12, n) END
    FROM generate_series(1, 20000) n;
  INSERT INTO connector.tenant_keys (tenant_id, key_version, root_key_id, wrapped_key) SELECT id(1, n), 1, 'local:a', sha256('key') FROM generate_series(1, 5000) n;
  INSERT INTO connector.sealed_values (tenant_id, owner_kind, owner_id, field, value_version, key_version, sealed)
    SELECT tenant_of(n), CASE WHEN n <= 20000 THEN 'connector' ELSE 'grant' END, id(CASE WHEN n <= 20000 THEN 11 ELSE 12 END, n % 20000),
           CASE WHEN n <= 20000 THEN 'token' ELSE 'access_token' END, n, 1,
           '\x50530000'::bytea || uuid_send(tenant_of(n)) || int4send(1) || decode(repeat('00', 113), 'hex')
    FROM generate_series(1, 40000) n;
  INSERT INTO connector.credential_audit (tenant_id, sequence, occurred_at, event, use_id, owner_kind, owner_id, fields, value_versions, purpose,
                                          target_host, execution_id, actor_service, request_id, result, http_status, previous_hash, hash)
    SELECT tenant_of(n), n, now() - (60000 - n) * interval '1 minute', CASE WHEN n % 4 < 2 THEN 'opened' ELSE 'outcome' END, id(13, n / 4),
           'connector', id(11, n % 20000), '{token}', '{1}', 'fetch', 'api.example.com', CASE WHEN n % 4 < 2 THEN id(7, n)::text ELSE '' END, '', '',
           '', 0, sha256('a'), sha256('b')
    FROM generate_series(1, 60000) n;
  INSERT INTO connector.credential_audit_heads (tenant_id, sequence, hash) SELECT id(1, n), 60000, sha256('b') FROM generate_series(1, 5000) n;
  INSERT INTO connector.oauth_grants (tenant_id, grant_id, connector_id, display_name, config, state, token_version, refresh_at)
    SELECT tenant_of(n), id(12, n), id(11, n), 'g', '{}', 'active', 1, now() + n * interval '1 minute' FROM generate_series(1, 20000) n;
  INSERT INTO connector.oauth_grant_changes (tenant_id, grant_id, from_state, to_state, reason, token_version)
    SELECT tenant_of(n), id(12, n % 20000), 'pending', 'active', '', 1 FROM generate_series(1, 40000) n;
  INSERT INTO connector.oauth_attempts (tenant_id, attempt_id, grant_id, kind, ticket_hash, config, provider, expires_at)
    SELECT tenant_of(n), id(14, n), id(12, n), 'code', sha256(n::text::bytea), '{}', 'acme', now() + n * interval '1 minute'
    FROM generate_series(1, 20000) n;
  INSERT INTO connector.refresh_attempts (tenant_id, attempt_id, grant_id, fence, token_version_used, state, started_at)
    SELECT tenant_of(n), id(15, n), id(12, n % 20000), 1, 1, CASE WHEN n % 100 < 2 THEN 'unknown' ELSE 'succeeded' END, now()
    FROM generate_series(1, 40000) n;
  INSERT INTO connector.providers (tenant_id, provider_id, provider)
    SELECT tenant_of(n), 'p-' || n, jsonb_build_object('id', 'p-' || n) FROM generate_series(1, 20000) n;
  INSERT INTO connector.rate_limits (tenant_id, connector_id) SELECT tenant_of(n), id(11, n) FROM generate_series(1, 20000) n;

  INSERT INTO interface.service_interfaces (tenant_id, interface_id, service_id, name, display_name, interface_type, callable_name)
    SELECT tenant_of(n), id(16, n), id(6, n % 10000), 'i-' || n, 'i', CASE WHEN n % 10 < 2 THEN 'query' ELSE 'signal' END, 's'
    FROM generate_series(1, 20000) n;
  INSERT INTO connector.project_connectors (tenant_id, project_connector_id, source_project_id, target_project_id, target_service_id,
                                            target_interface_id, name, display_name, visibility)
    SELECT tenant_of(n), id(17, n), id(2, n % 5000), id(2, (n + 2) % 5000), id(6, n % 10000), id(16, n), 'p-' || n, 'p',
           CASE WHEN n % 10 < 2 THEN 'organization' ELSE 'private' END
    FROM generate_series(1, 20000) n;

  INSERT INTO schedule.scheduled_events (tenant_id, schedule_id, workflow_id, project_id, spec, decided_until, nextrun, request_id, request_hash)
    SELECT tenant_of(n), id(18, n), id(6, n % 10000), id(2, n % 5000), '{}', now(), now() + n * interval '1 second', 'order-' || n, ''
    FROM generate_series(1, 20000) n;
  INSERT INTO schedule.schedule_runs (tenant_id, schedule_id, nominal_at, origin, state, last_nominal_at, overlap_policy, due_at, execution_id,
                                      decided_at, ended_at, wake_at)
    SELECT tenant_of(n), id(18, n % 20000), at, 'schedule', state, at, 'skip', at, id(7, n % 60000), at, CASE WHEN state = 'completed' THEN at END,
           CASE WHEN state = 'running' THEN now() + n * interval '1 second' END
    FROM (SELECT n, date_trunc('hour', now()) - n * interval '1 minute' AS at, CASE WHEN n % 100 < 2 THEN 'running' ELSE 'completed' END AS state
          FROM generate_series(1, 100000) n) AS runs;
  INSERT INTO schedule.backfills (tenant_id, backfill_id, schedule_id, start_at, end_at, overlap_policy, state, done_until, total_instants, wake_at)
    SELECT tenant_of(n), id(19, n), id(18, n % 20000), now(), now(), 'skip', CASE WHEN n % 100 < 2 THEN 'running' ELSE 'completed' END, now(), 1,
           CASE WHEN n % 100 < 2 THEN now() END
    FROM generate_series(1, 20000) n;
  RESET session_replication_role;
  ANALYZE;
)sql";

}  // namespace

void FillWithSampleVolume(postgres::Connection& superuser) { testing::Check(superuser.ExecuteScript(kFill), "fill the tables"); }

}  // namespace penstock::migrate

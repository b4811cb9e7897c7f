-- What a tenant has, at one moment. Each count stops at $2, so that a tenant of millions costs no more than one of thousands.
WITH executions AS MATERIALIZED (
  SELECT wanted.state, (SELECT count(*) FROM (SELECT FROM workflow.workflow_executions e
                                             WHERE e.tenant_id = $1 AND e.state = wanted.state LIMIT $2) counted) AS n
  FROM unnest(ARRAY['CREATED', 'RUNNING', 'PAUSED', 'COMPLETED', 'FAILED', 'CANCELLED', 'TIMED_OUT', 'TERMINATED']) AS wanted (state)
), workflows AS MATERIALIZED (
  SELECT wanted.status, (SELECT count(*) FROM (SELECT FROM workflow.workflows w
                                              WHERE w.tenant_id = $1 AND w.status = wanted.status LIMIT $2) counted) AS n
  FROM unnest(ARRAY['draft', 'active', 'paused', 'archived']) AS wanted (status)
)
SELECT now(),
  (SELECT count(*) FROM (SELECT FROM tenancy.user_profiles WHERE tenant_id = $1 LIMIT $2) counted),
  (SELECT count(*) FROM (SELECT FROM tenancy.projects WHERE tenant_id = $1 LIMIT $2) counted),
  (SELECT count(*) FROM (SELECT FROM tenancy.companies WHERE tenant_id = $1 LIMIT $2) counted),
  (SELECT count(*) FROM (SELECT FROM tenancy.api_keys
                         WHERE tenant_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) LIMIT $2) counted),
  (SELECT n FROM workflows WHERE status = 'draft'),
  (SELECT n FROM workflows WHERE status = 'active'),
  (SELECT n FROM workflows WHERE status = 'paused'),
  (SELECT n FROM workflows WHERE status = 'archived'),
  (SELECT least(sum(n)::bigint, $2) FROM executions WHERE state IN ('CREATED', 'RUNNING')),
  (SELECT n FROM executions WHERE state = 'PAUSED'),
  (SELECT n FROM executions WHERE state = 'COMPLETED'),
  (SELECT n FROM executions WHERE state = 'FAILED'),
  (SELECT n FROM executions WHERE state = 'CANCELLED'),
  (SELECT n FROM executions WHERE state = 'TIMED_OUT'),
  (SELECT n FROM executions WHERE state = 'TERMINATED'),
  (SELECT count(*) FROM (SELECT FROM workflow.webhooks
                         WHERE tenant_id = $1 AND webhook_id >= workflow.uuid_floor(date_trunc('day', now(), 'UTC')) LIMIT $2) counted)

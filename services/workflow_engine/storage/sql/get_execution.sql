-- One statement, so that the execution, its outcomes and its open nodes are seen at one moment. The first row is the execution itself. An open
-- node has no type of its own: the version it runs under knows.
WITH execution AS (
  SELECT * FROM workflow.workflow_executions WHERE shard_id = $1 AND execution_id = $2 AND tenant_id = $3
)
SELECT 0 AS part, 0 AS sequence, e.state, e.input, e.result AS output, e.error, e.started_at, e.completed_at,
       NULL::text AS node_id, NULL::text AS node_type, NULL::integer AS visit, NULL::integer AS attempt, NULL::text AS branch,
       NULL::timestamptz AS wake_at,
       e.workflow_id, e.version, e.trigger_type, e.idempotency_key, e.webhook_id, e.ending
FROM execution e
UNION ALL
SELECT 1, n.sequence, n.state, n.input, n.output, n.error, n.started_at, n.completed_at,
       n.node_id, n.node_type, n.visit, n.attempt, n.branch, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM workflow.node_executions n
WHERE n.shard_id = $1 AND n.execution_id = $2 AND n.tenant_id = $3
UNION ALL
SELECT 2, 0, o.state, NULL, NULL, o.last_error, o.started_at, NULL,
       o.node_id,
       (SELECT node ->> 'type' FROM workflow.workflow_versions v, jsonb_array_elements(v.nodes) AS node
        WHERE v.tenant_id = $3 AND v.workflow_id = e.workflow_id AND v.version = e.version AND node ->> 'id' = o.node_id LIMIT 1),
       o.visit, o.attempt, NULL, o.wake_at, NULL, NULL, NULL, NULL, NULL, NULL
FROM workflow.open_nodes o, execution e
WHERE o.shard_id = $1 AND o.execution_id = $2 AND o.tenant_id = $3
ORDER BY part, sequence, started_at, node_id, visit

-- What is new about an execution, seen at one moment: its state; the rest of it only when the state is not $5; its outcomes behind $4, at most
-- $6. Columns as in get_execution.
SELECT 0 AS part, 0 AS sequence, e.state,
       CASE WHEN e.state <> $5 THEN e.input END AS input, CASE WHEN e.state <> $5 THEN e.result END AS output,
       CASE WHEN e.state <> $5 THEN e.error END AS error, e.started_at, e.completed_at,
       NULL::text AS node_id, NULL::text AS node_type, NULL::integer AS visit, NULL::integer AS attempt, NULL::text AS branch,
       NULL::timestamptz AS wake_at,
       e.workflow_id, e.version, e.trigger_type, e.idempotency_key, e.webhook_id, e.ending
FROM workflow.workflow_executions e
WHERE e.shard_id = $1 AND e.execution_id = $2 AND e.tenant_id = $3
UNION ALL
(SELECT 1, n.sequence, n.state, n.input, n.output, n.error, n.started_at, n.completed_at,
        n.node_id, n.node_type, n.visit, n.attempt, n.branch, NULL, NULL, NULL, NULL, NULL, NULL, NULL
 FROM workflow.node_executions n
 WHERE n.shard_id = $1 AND n.execution_id = $2 AND n.tenant_id = $3 AND n.sequence > $4::integer
 ORDER BY n.sequence LIMIT $6::bigint)
ORDER BY part, sequence

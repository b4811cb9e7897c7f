-- As list_executions, by the workflow's index.
SELECT e.execution_id, e.workflow_id, e.version, e.state, e.error, e.started_at, e.completed_at, e.trigger_type, e.idempotency_key,
       e.webhook_id, e.ending
FROM workflow.workflow_executions e
WHERE e.tenant_id = $1 AND e.workflow_id = $9 AND e.state = ANY ($2::text[]) AND e.execution_id >= $3 AND e.execution_id < $4
  AND e.started_at >= $5 AND e.started_at < $6
  AND ($7 = '' OR strpos(lower(e.error ->> 'message'), lower($7)) > 0)
ORDER BY e.execution_id DESC LIMIT $8

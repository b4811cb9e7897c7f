-- Newest first. One index walk per wanted state, merged: the index is led by the state.
SELECT x.execution_id, x.workflow_id, x.version, x.state, x.error, x.started_at, x.completed_at, x.trigger_type, x.idempotency_key,
       x.webhook_id, x.ending
FROM unnest($2::text[]) AS wanted (state)
CROSS JOIN LATERAL (
  SELECT * FROM workflow.workflow_executions e
  WHERE e.tenant_id = $1 AND e.state = wanted.state AND e.execution_id >= $3 AND e.execution_id < $4
    AND e.started_at >= $5 AND e.started_at < $6
    AND ($7 = '' OR strpos(lower(e.error ->> 'message'), lower($7)) > 0)
  ORDER BY e.execution_id DESC LIMIT $8
) AS x
ORDER BY x.execution_id DESC LIMIT $8

-- Stops counting at $8: what a tenant of millions is told is "many".
SELECT count(*) FROM (
  SELECT FROM workflow.workflow_executions e
  WHERE e.tenant_id = $1 AND e.state = ANY ($2::text[]) AND e.execution_id >= $3 AND e.execution_id < $4
    AND e.started_at >= $5 AND e.started_at < $6
    AND ($7 = '' OR strpos(lower(e.error ->> 'message'), lower($7)) > 0)
  LIMIT $8
) AS counted

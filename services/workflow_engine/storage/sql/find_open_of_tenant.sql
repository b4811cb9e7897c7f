SELECT e.execution_id FROM unnest(ARRAY['CREATED', 'RUNNING', 'PAUSED']) AS open (state)
CROSS JOIN LATERAL (
  SELECT execution_id FROM workflow.workflow_executions e WHERE e.tenant_id = $1 AND e.state = open.state ORDER BY execution_id LIMIT $2
) AS e
LIMIT $2

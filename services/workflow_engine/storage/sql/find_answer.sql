-- How an execution that is over ended, and what its first response node answered, if one did.
SELECT e.state, e.result, n.output, n.answer_head
FROM workflow.workflow_executions e
LEFT JOIN LATERAL (
  SELECT output, answer_head FROM workflow.node_executions n
  WHERE n.shard_id = $1 AND n.execution_id = $2 AND n.node_type = 'response' AND n.state = 'COMPLETED' ORDER BY n.sequence LIMIT 1
) n ON true
WHERE e.shard_id = $1 AND e.execution_id = $2 AND e.tenant_id = $3 AND e.completed_at IS NOT NULL

SELECT w.project_id
FROM workflow.workflow_executions e
JOIN workflow.workflows w ON w.tenant_id = e.tenant_id AND w.workflow_id = e.workflow_id
WHERE e.shard_id = $1 AND e.execution_id = $2 AND e.tenant_id = $3

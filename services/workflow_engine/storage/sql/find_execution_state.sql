SELECT state FROM workflow.workflow_executions WHERE shard_id = $1 AND execution_id = $2 AND tenant_id = $3

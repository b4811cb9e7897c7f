SELECT tenant_id, workflow_id, version, state, trigger_type, trigger_node, input, idempotency_key, webhook_id, started_at, ending, error
FROM workflow.workflow_executions WHERE shard_id = $1 AND execution_id = $2 AND completed_at IS NULL

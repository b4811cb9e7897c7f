SELECT workflow_id, version, node_id, trigger_type, action_type, config
FROM workflow.triggers WHERE tenant_id = $1 ORDER BY workflow_id, node_id

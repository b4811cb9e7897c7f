DELETE FROM workflow.triggers WHERE tenant_id = $1 AND workflow_id = $2

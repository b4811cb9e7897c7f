SELECT status FROM workflow.workflows WHERE tenant_id = $1 AND workflow_id = $2

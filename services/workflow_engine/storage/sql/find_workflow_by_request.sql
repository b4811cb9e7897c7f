SELECT workflow_id, request_hash FROM workflow.workflows WHERE tenant_id = $1 AND request_id = $2

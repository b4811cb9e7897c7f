SELECT content FROM workflow.payloads WHERE tenant_id = $1 AND hash = $2

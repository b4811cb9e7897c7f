SELECT name, sealed FROM workflow.signing_secrets WHERE tenant_id = $1

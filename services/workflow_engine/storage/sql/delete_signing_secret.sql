DELETE FROM workflow.signing_secrets WHERE tenant_id = $1 AND name = $2

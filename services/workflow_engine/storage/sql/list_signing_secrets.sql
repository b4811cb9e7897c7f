SELECT name, created_at FROM workflow.signing_secrets WHERE tenant_id = $1 ORDER BY name

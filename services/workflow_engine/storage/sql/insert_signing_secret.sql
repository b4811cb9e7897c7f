INSERT INTO workflow.signing_secrets (tenant_id, name, sealed) VALUES ($1, $2, $3)

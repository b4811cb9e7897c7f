INSERT INTO connector.providers (tenant_id, provider_id, provider) VALUES ($1, $2, $3)

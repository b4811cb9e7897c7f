SELECT provider::text, created_at, updated_at FROM connector.providers WHERE tenant_id = $1 AND provider_id = $2 FOR UPDATE

DELETE FROM connector.providers WHERE tenant_id = $1 AND provider_id = $2

UPDATE connector.providers SET provider = $3 WHERE tenant_id = $1 AND provider_id = $2

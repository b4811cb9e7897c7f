UPDATE connector.oauth_grants SET refresh_at = now(), retry_at = NULL
WHERE tenant_id = $1 AND grant_id = $2 AND token_version = $3

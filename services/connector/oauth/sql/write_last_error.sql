UPDATE connector.oauth_grants SET last_error = $3 WHERE tenant_id = $1 AND grant_id = $2

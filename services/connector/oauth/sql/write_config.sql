UPDATE connector.oauth_grants SET config = $3 WHERE tenant_id = $1 AND grant_id = $2

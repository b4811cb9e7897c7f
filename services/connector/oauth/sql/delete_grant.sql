DELETE FROM connector.oauth_grants WHERE tenant_id = $1 AND grant_id = $2

UPDATE connector.oauth_grants SET lease_owner = NULL, lease_until = NULL WHERE tenant_id = $1 AND grant_id = $2 AND fence = $3

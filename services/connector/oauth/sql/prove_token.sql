UPDATE connector.oauth_grants SET proven_version = token_version, has_previous_token = false
WHERE tenant_id = $1 AND grant_id = $2 AND token_version = $3 AND proven_version < token_version

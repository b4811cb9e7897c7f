UPDATE connector.oauth_grants SET lease_owner = $3, lease_until = now() + make_interval(secs => $4), fence = fence + 1
WHERE tenant_id = $1 AND grant_id = $2 AND token_version = $5 AND (lease_until IS NULL OR lease_until <= now())
RETURNING fence

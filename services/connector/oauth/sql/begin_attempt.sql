INSERT INTO connector.refresh_attempts (tenant_id, attempt_id, grant_id, fence, token_version_used, token_used)
SELECT g.tenant_id, $3, g.grant_id, g.fence, g.token_version, $6 FROM connector.oauth_grants g
WHERE g.tenant_id = $1 AND g.grant_id = $2 AND g.fence = $4 AND g.token_version = $5 AND g.lease_until > now() + make_interval(secs => $7)
RETURNING started_at

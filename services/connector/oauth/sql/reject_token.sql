UPDATE connector.oauth_grants SET refresh_at = now(), access_expires_at = now(), rejected_at = now(), retry_at = NULL
WHERE tenant_id = $1 AND grant_id = $2 AND token_version = $3 AND state IN ('active', 'degraded')
  AND (refreshed_at IS NULL OR refreshed_at <= now() - make_interval(secs => $4)) AND rejected_at IS NULL

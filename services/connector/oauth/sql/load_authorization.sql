SELECT attempt_id, tenant_id, grant_id, config::text, provider, redirect_uri, expected_issuer, return_to, scopes_requested, created_by, expires_at,
  consumed_at IS NOT NULL, interval_seconds, now()
FROM connector.oauth_attempts WHERE tenant_id = $1 AND attempt_id = $2

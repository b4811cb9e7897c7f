UPDATE connector.oauth_grants SET token_version = token_version + 1, fence = fence + $5,
  state = $6, state_reason = $7, state_changed_at = CASE WHEN state = $6 THEN state_changed_at ELSE now() END,
  scopes_granted = $8, has_refresh_token = $9, has_previous_token = $10, access_expires_at = $11, refresh_at = $12,
  refresh_idle_expires_at = $13, refresh_absolute_expires_at = $14, refreshed_at = now(), rejected_at = NULL, retry_at = NULL, failures = 0,
  last_error = NULL, lease_owner = NULL, lease_until = NULL, from_token = from_token || $15
WHERE tenant_id = $1 AND grant_id = $2 AND fence = $3 AND token_version = $4
RETURNING token_version

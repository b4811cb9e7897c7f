UPDATE connector.oauth_grants SET
  state = $3, state_reason = 'revoked', state_changed_at = now(), fence = fence + 1, lease_owner = NULL, lease_until = NULL,
  has_refresh_token = false, has_previous_token = false, access_expires_at = NULL, refresh_at = NULL, refresh_idle_expires_at = NULL,
  refresh_absolute_expires_at = NULL, retry_at = NULL, failures = 0, last_error = NULL
WHERE tenant_id = $1 AND grant_id = $2

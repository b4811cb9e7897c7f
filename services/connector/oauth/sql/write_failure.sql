UPDATE connector.oauth_grants SET
  state = $4, state_reason = $5, state_changed_at = CASE WHEN state = $4 THEN state_changed_at ELSE now() END,
  last_error = $6, failures = failures + 1, retry_at = now() + make_interval(secs => $7),
  lease_owner = CASE WHEN $8 THEN lease_owner END, lease_until = CASE WHEN $8 THEN lease_until END
WHERE tenant_id = $1 AND grant_id = $2 AND fence = $3
RETURNING token_version

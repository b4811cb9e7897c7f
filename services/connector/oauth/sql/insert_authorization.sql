INSERT INTO connector.oauth_attempts (tenant_id, attempt_id, grant_id, kind, ticket_hash, config, provider, redirect_uri, expected_issuer, return_to,
  scopes_requested, created_by, expires_at, interval_seconds, poll_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, now() + make_interval(secs => $13), $14::integer, now() + make_interval(secs => $14::integer))
RETURNING expires_at

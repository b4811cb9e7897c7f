UPDATE connector.oauth_attempts SET interval_seconds = $3, poll_at = now() + make_interval(secs => $4)
WHERE tenant_id = $1 AND attempt_id = $2 AND consumed_at IS NULL

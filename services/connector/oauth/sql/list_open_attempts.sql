SELECT attempt_id, state, token_version_used, token_used, started_at, answer::text FROM connector.refresh_attempts
WHERE tenant_id = $1 AND grant_id = $2 AND state IN ('unknown', 'candidate') AND token_version_used >= $3
ORDER BY attempt_id DESC

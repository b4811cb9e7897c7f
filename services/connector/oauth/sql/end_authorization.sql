UPDATE connector.oauth_attempts SET consumed_at = coalesce(consumed_at, now()), outcome = $3 WHERE tenant_id = $1 AND attempt_id = $2

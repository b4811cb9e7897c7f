SELECT CASE WHEN outcome <> '' THEN outcome WHEN consumed_at IS NOT NULL THEN 'exchanging' WHEN expires_at <= now() THEN 'expired' ELSE 'waiting' END
FROM connector.oauth_attempts WHERE tenant_id = $1 AND grant_id = $2 ORDER BY attempt_id DESC LIMIT 1

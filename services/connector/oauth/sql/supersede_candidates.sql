UPDATE connector.refresh_attempts SET state = 'superseded', answer = NULL, ended_at = now()
WHERE tenant_id = $1 AND grant_id = $2 AND state = 'candidate' AND token_version_used < $3
RETURNING attempt_id

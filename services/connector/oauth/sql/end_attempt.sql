UPDATE connector.refresh_attempts SET state = $3, class = $4, answer = $5, ended_at = now() WHERE tenant_id = $1 AND attempt_id = $2

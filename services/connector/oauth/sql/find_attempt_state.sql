SELECT state FROM connector.refresh_attempts WHERE tenant_id = $1 AND attempt_id = $2

SELECT tenant_id, attempt_id FROM connector.open_attempt($1, $2, $3)

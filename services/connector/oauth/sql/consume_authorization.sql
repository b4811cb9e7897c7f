SELECT tenant_id, attempt_id FROM connector.consume_attempt($1, $2, $3)

SELECT root_key_id, check_value, state FROM connector.root_keys ORDER BY created_at

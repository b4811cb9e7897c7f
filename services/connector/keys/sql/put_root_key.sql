INSERT INTO connector.root_keys (root_key_id, check_value) VALUES ($1, $2)
ON CONFLICT (root_key_id) DO UPDATE SET state = 'active' WHERE root_keys.state = 'decrypt_only'

SELECT FROM connector.root_keys WHERE state = 'decrypt_only' ORDER BY root_key_id FOR UPDATE

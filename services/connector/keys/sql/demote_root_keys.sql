UPDATE connector.root_keys SET state = 'decrypt_only' WHERE state = 'active' AND root_key_id <> $1

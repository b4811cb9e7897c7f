SELECT FROM connector.tenant_keys WHERE state = 'decrypt_only' AND ($1::uuid IS NULL OR tenant_id = $1)
ORDER BY tenant_id, key_version FOR UPDATE

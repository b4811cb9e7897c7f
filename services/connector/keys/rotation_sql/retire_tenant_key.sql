UPDATE connector.tenant_keys SET state = 'decrypt_only' WHERE tenant_id = $1 AND state = 'active'

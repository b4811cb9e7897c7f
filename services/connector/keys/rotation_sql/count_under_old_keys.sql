SELECT count(*) FROM connector.sealed_values v JOIN connector.tenant_keys k USING (tenant_id, key_version)
WHERE k.state = 'decrypt_only' AND ($1::uuid IS NULL OR v.tenant_id = $1)

SELECT key_version, root_key_id, wrapped_key, state, rotation_id, created_at FROM connector.tenant_keys WHERE tenant_id = $1 ORDER BY key_version

SELECT key_version, root_key_id, wrapped_key, state FROM connector.tenant_keys WHERE tenant_id = $1 AND key_version = $2

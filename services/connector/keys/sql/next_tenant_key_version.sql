SELECT coalesce(max(key_version), 0) + 1 FROM connector.tenant_keys WHERE tenant_id = $1

SELECT tenant_id, key_version, root_key_id, wrapped_key FROM connector.tenant_keys
WHERE (tenant_id, key_version) > ($1, $2) AND state <> 'destroyed' AND ($3::uuid IS NULL OR tenant_id = $3)
ORDER BY tenant_id, key_version LIMIT $4

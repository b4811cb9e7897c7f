UPDATE connector.tenant_keys SET root_key_id = $3, wrapped_key = $4
WHERE tenant_id = $1 AND key_version = $2 AND wrapped_key = $5 AND state <> 'destroyed'

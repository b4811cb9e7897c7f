INSERT INTO connector.tenant_keys (tenant_id, key_version, root_key_id, wrapped_key, rotation_id)
SELECT $1, $2, r.root_key_id, $4, $5 FROM connector.root_keys r WHERE r.root_key_id = $3 AND r.state <> 'destroyed' FOR SHARE

-- Another replica may have been first: then its key is the tenant's. The lock keeps the root key from being retired meanwhile.
INSERT INTO connector.tenant_keys (tenant_id, key_version, root_key_id, wrapped_key)
SELECT $1, $2, r.root_key_id, $4 FROM connector.root_keys r WHERE r.root_key_id = $3 AND r.state <> 'destroyed' FOR SHARE
ON CONFLICT DO NOTHING

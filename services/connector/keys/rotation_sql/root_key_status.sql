SELECT r.root_key_id, r.state, r.created_at, (SELECT count(*) FROM connector.tenant_keys k WHERE k.root_key_id = r.root_key_id AND k.state <> 'destroyed')
FROM connector.root_keys r ORDER BY r.created_at

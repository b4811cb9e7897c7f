SELECT tenant_id FROM connector.tenant_keys
WHERE tenant_id > $1 AND state = 'active' AND ($2::uuid IS NULL OR tenant_id = $2) ORDER BY tenant_id LIMIT 1

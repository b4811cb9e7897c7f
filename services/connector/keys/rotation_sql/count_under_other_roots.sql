SELECT count(*) FROM connector.tenant_keys WHERE state <> 'destroyed' AND root_key_id <> $1 AND ($2::uuid IS NULL OR tenant_id = $2)

SELECT count(*) FROM connector.sealed_values v JOIN connector.tenant_keys k USING (tenant_id, key_version)
WHERE k.state <> 'destroyed' AND v.data_key_at < $1 AND ($2::uuid IS NULL OR v.tenant_id = $2)

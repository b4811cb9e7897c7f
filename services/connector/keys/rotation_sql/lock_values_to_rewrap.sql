SELECT v.value_version, v.owner_kind, v.owner_id, v.field, v.key_version, v.sealed
FROM connector.sealed_values v JOIN connector.tenant_keys k USING (tenant_id, key_version)
WHERE v.tenant_id = $1 AND v.value_version > $2 AND v.key_version <> $3 AND k.state <> 'destroyed'
ORDER BY v.value_version LIMIT $4 FOR UPDATE OF v

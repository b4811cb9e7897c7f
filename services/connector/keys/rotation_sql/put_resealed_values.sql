UPDATE connector.sealed_values v SET sealed = u.sealed, key_version = $2, data_key_at = clock_timestamp()
FROM unnest($3::bigint[], $4::bytea[]) AS u (value_version, sealed)
WHERE v.tenant_id = $1 AND v.value_version = u.value_version

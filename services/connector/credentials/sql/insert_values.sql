INSERT INTO connector.sealed_values (tenant_id, owner_kind, owner_id, key_version, field, value_version, sealed, expires_at)
SELECT $1, $2, $3, $4, field, value_version, sealed, expires_at
FROM unnest($5::text[], $6::bigint[], $7::bytea[], $8::timestamptz[]) AS v (field, value_version, sealed, expires_at)

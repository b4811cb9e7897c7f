SELECT owner_id, field, value_version, created_at, expires_at FROM connector.sealed_values
WHERE tenant_id = $1 AND owner_kind = $2 AND owner_id = ANY ($3::uuid[]) AND is_current ORDER BY owner_id, field

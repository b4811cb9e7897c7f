SELECT field, value_version, created_at FROM connector.sealed_values
WHERE tenant_id = $1 AND owner_kind = $2 AND owner_id = $3 AND is_current ORDER BY field

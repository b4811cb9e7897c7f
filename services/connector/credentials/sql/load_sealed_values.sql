SELECT DISTINCT ON (v.field) v.field, v.value_version, v.key_version, v.sealed, k.state
FROM connector.sealed_values v JOIN connector.tenant_keys k USING (tenant_id, key_version)
WHERE v.tenant_id = $1 AND v.owner_kind = $2 AND v.owner_id = $3 AND v.field = ANY ($4::text[]) AND v.is_current = $5
ORDER BY v.field, v.value_version DESC

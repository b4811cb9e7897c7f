UPDATE connector.sealed_values SET is_current = false
WHERE tenant_id = $1 AND owner_kind = $2 AND owner_id = $3 AND field = ANY ($4::text[]) AND is_current

-- $5: all but the current ones.
DELETE FROM connector.sealed_values
WHERE tenant_id = $1 AND owner_kind = $2 AND owner_id = $3 AND field = ANY ($4::text[]) AND NOT (is_current AND $5::boolean)

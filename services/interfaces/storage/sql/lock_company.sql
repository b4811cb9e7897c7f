SELECT c.company_id, c.tenant_id, c.name, c.properties::text, coalesce(t.is_default, false), c.created_at, c.updated_at
FROM tenancy.companies c LEFT JOIN tenancy.tenant_companies t ON t.tenant_id = c.tenant_id AND t.company_id = c.company_id AND t.deleted_at IS NULL
WHERE c.tenant_id = $1 AND c.company_id = $2 FOR UPDATE OF c

INSERT INTO tenancy.tenant_companies (tenant_id, company_id, is_default) VALUES ($1, $2, true)
ON CONFLICT (tenant_id, company_id) DO UPDATE SET is_default = true, deleted_at = NULL

-- The first one is the default.
INSERT INTO tenancy.tenant_companies (tenant_id, company_id, is_default)
SELECT $1, $2, NOT EXISTS (SELECT FROM tenancy.tenant_companies WHERE tenant_id = $1 AND is_default)

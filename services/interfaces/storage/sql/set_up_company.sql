WITH company AS (
  INSERT INTO tenancy.companies (tenant_id, company_id, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
)
INSERT INTO tenancy.tenant_companies (tenant_id, company_id, is_default) VALUES ($1, $2, true) ON CONFLICT DO NOTHING

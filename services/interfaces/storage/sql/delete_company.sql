DELETE FROM tenancy.companies WHERE tenant_id = $1 AND company_id = $2

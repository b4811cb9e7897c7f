UPDATE tenancy.companies SET name = $3, properties = $4 WHERE tenant_id = $1 AND company_id = $2

UPDATE tenancy.tenants SET name = $2, email = $3 WHERE tenant_id = $1

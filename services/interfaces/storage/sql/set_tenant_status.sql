UPDATE tenancy.tenants SET status = $2 WHERE tenant_id = $1

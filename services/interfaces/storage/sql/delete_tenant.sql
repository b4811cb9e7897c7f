DELETE FROM tenancy.tenants WHERE tenant_id = $1

SELECT slug FROM tenancy.tenants WHERE tenant_id = $1

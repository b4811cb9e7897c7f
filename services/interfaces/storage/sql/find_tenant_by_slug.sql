SELECT tenant_id FROM tenancy.tenants WHERE slug = $1

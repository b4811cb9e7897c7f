UPDATE tenancy.tenant_companies SET is_default = false WHERE tenant_id = $1 AND is_default

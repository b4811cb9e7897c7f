INSERT INTO tenancy.api_keys (tenant_id, api_key_id, name, prefix, key_hash, role)
SELECT tenant_id, $2, $3, $4, $5, $6 FROM tenancy.tenants WHERE slug = $1

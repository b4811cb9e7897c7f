-- So that there is a row to lock.
INSERT INTO tenancy.tenant_lifecycles (tenant_id, state) VALUES ($1, $2) ON CONFLICT (tenant_id) DO NOTHING

INSERT INTO tenancy.tenants (tenant_id, slug, name) VALUES ($1, $2, $3)

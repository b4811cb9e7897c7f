INSERT INTO tenancy.tenants (tenant_id, slug, name, email, plan, status, checkout_session_id) VALUES ($1, $2, $3, $4, $5, 'pending', $6)
ON CONFLICT (tenant_id) DO NOTHING

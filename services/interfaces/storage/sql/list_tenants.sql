SELECT tenant_id, slug, name, email, plan, status, created_at, updated_at FROM tenancy.tenants
WHERE ($1::uuid IS NULL OR tenant_id < $1) AND ($2::text IS NULL OR status = $2) AND ($3::text IS NULL OR slug = $3)
ORDER BY tenant_id DESC LIMIT $4

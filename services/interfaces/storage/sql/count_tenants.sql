SELECT count(*) FROM tenancy.tenants WHERE ($1::text IS NULL OR status = $1) AND ($2::text IS NULL OR slug = $2)

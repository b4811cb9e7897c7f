SELECT project_id, tenant_id, name, description, is_default, created_at, updated_at FROM tenancy.projects
WHERE tenant_id = $1 AND ($2::uuid IS NULL OR project_id = $2) AND ($3::uuid IS NULL OR project_id < $3)
ORDER BY project_id DESC LIMIT $4

SELECT project_id, tenant_id, name, description, is_default, created_at, updated_at FROM tenancy.projects WHERE tenant_id = $1 AND project_id = $2

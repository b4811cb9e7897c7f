UPDATE tenancy.projects SET name = $3, description = $4, is_default = $5 WHERE tenant_id = $1 AND project_id = $2
RETURNING project_id, tenant_id, name, description, is_default, created_at, updated_at

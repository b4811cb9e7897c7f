INSERT INTO tenancy.projects (tenant_id, project_id, name, description) VALUES ($1, $2, $3, $4)
RETURNING project_id, tenant_id, name, description, is_default, created_at, updated_at

INSERT INTO tenancy.projects (tenant_id, project_id, name, is_default) VALUES ($1, $2, 'Default', true)

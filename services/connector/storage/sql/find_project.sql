SELECT 1 FROM tenancy.projects WHERE tenant_id = $1 AND project_id = $2

DELETE FROM tenancy.projects WHERE tenant_id = $1 AND project_id = $2

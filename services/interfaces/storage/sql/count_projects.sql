SELECT count(*) FROM (SELECT FROM tenancy.projects WHERE tenant_id = $1 AND ($2::uuid IS NULL OR project_id = $2) LIMIT 10001) counted

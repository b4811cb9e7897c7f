SELECT project_id FROM tenancy.projects
WHERE tenant_id = $1 AND CASE WHEN $2::uuid IS NULL THEN is_default ELSE project_id = $2 END

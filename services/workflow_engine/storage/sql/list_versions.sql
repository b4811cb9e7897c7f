SELECT version, published_at FROM workflow.workflow_versions
WHERE tenant_id = $1 AND workflow_id = $2 AND ($3::int IS NULL OR version < $3)
ORDER BY version DESC LIMIT $4

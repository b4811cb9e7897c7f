SELECT connector_id FROM connector.integration_connectors
WHERE tenant_id = $1 AND connector_name = $2 AND (project_id = $3 OR project_id IS NULL)
ORDER BY project_id NULLS LAST LIMIT 1

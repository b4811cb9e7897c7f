SELECT connector_id, connector_name, display_name, service_name FROM connector.integration_connectors
WHERE tenant_id = $1 AND connector_type = $2 AND is_active AND ($3::uuid IS NULL OR project_id IS NULL OR project_id = $3)
ORDER BY connector_name, connector_id LIMIT 200

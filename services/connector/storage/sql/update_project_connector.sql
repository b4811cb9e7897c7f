UPDATE connector.project_connectors SET display_name = $3, description = $4, visibility = $5, auth_config = $6
WHERE tenant_id = $1 AND project_connector_id = $2
RETURNING project_connector_id, tenant_id, source_project_id, target_project_id, target_service_id, target_interface_id, name, display_name, description, visibility,
  auth_config::text, created_by, created_at, updated_at

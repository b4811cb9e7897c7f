INSERT INTO connector.project_connectors (tenant_id, project_connector_id, source_project_id, target_project_id, target_service_id, target_interface_id, name,
  display_name, description, visibility, auth_config, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
RETURNING project_connector_id, tenant_id, source_project_id, target_project_id, target_service_id, target_interface_id, name, display_name, description, visibility,
  auth_config::text, created_by, created_at, updated_at

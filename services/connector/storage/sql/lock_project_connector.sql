SELECT project_connector_id, tenant_id, source_project_id, target_project_id, target_service_id, target_interface_id, name, display_name, description, visibility,
  auth_config::text, created_by, created_at, updated_at
FROM connector.project_connectors WHERE tenant_id = $1 AND project_connector_id = $2 FOR UPDATE

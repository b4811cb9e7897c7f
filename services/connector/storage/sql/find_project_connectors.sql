-- Of this name, and those that workflows of the project $3 may use: its own first. Two tell whether there are several.
SELECT project_connector_id, tenant_id, source_project_id, target_project_id, target_service_id, target_interface_id, name, display_name, description, visibility,
  auth_config::text, created_by, created_at, updated_at
FROM connector.project_connectors
WHERE tenant_id = $1 AND name = $2 AND (source_project_id = $3 OR visibility <> 'private')
ORDER BY source_project_id = $3 DESC, project_connector_id LIMIT 2

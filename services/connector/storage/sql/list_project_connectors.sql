-- $2 to $5 filter unless they are NULL: source project, target project, target service, visibility. $6 = what this project may use, and what leads to it.
SELECT project_connector_id, tenant_id, source_project_id, target_project_id, target_service_id, target_interface_id, name, display_name, description, visibility,
  auth_config::text, created_by, created_at, updated_at
FROM connector.project_connectors
WHERE tenant_id = $1 AND ($2::uuid IS NULL OR source_project_id = $2) AND ($3::uuid IS NULL OR target_project_id = $3)
  AND ($4::uuid IS NULL OR target_service_id = $4) AND ($5::text IS NULL OR visibility = $5)
  AND ($6::uuid IS NULL OR source_project_id = $6 OR target_project_id = $6 OR visibility <> 'private')
  AND ($7::uuid IS NULL OR project_connector_id < $7)
ORDER BY project_connector_id DESC LIMIT $8

-- $3 = only if it is of this project.
SELECT interface_id, tenant_id, service_id, name, display_name, description, interface_type, callable_name, payload_schema::text, return_schema::text, is_public,
  created_at, updated_at
FROM interface.service_interfaces
WHERE tenant_id = $1 AND interface_id = $2 AND ($3::uuid IS NULL OR workflow.project_of(tenant_id, service_id) = $3)

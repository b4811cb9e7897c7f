-- $2 to $4 filter unless they are NULL: project, service, type.
SELECT interface_id, tenant_id, service_id, name, display_name, description, interface_type, callable_name, payload_schema::text, return_schema::text, is_public,
  created_at, updated_at
FROM interface.service_interfaces
WHERE tenant_id = $1 AND ($2::uuid IS NULL OR workflow.project_of(tenant_id, service_id) = $2) AND ($3::uuid IS NULL OR service_id = $3)
  AND ($4::text IS NULL OR interface_type = $4) AND ($5::uuid IS NULL OR interface_id < $5)
ORDER BY interface_id DESC LIMIT $6

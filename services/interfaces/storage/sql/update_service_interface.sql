UPDATE interface.service_interfaces SET display_name = $3, description = $4, payload_schema = $5, return_schema = $6, is_public = $7
WHERE tenant_id = $1 AND interface_id = $2
RETURNING interface_id, tenant_id, service_id, name, display_name, description, interface_type, callable_name, payload_schema::text, return_schema::text, is_public,
  created_at, updated_at

INSERT INTO interface.service_interfaces (tenant_id, interface_id, service_id, name, display_name, description, interface_type, callable_name, payload_schema,
  return_schema, is_public)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING interface_id, tenant_id, service_id, name, display_name, description, interface_type, callable_name, payload_schema::text, return_schema::text, is_public,
  created_at, updated_at

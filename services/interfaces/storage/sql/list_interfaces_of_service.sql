SELECT interface_id, tenant_id, service_id, name, display_name, description, interface_type, callable_name, payload_schema::text, return_schema::text, is_public,
  created_at, updated_at
FROM interface.service_interfaces WHERE tenant_id = $1 AND service_id = $2 ORDER BY interface_type, name

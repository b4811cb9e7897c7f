DELETE FROM interface.service_interfaces WHERE tenant_id = $1 AND interface_id = $2

SELECT count(*) FROM (
  SELECT FROM interface.service_interfaces
  WHERE tenant_id = $1 AND ($2::uuid IS NULL OR workflow.project_of(tenant_id, service_id) = $2) AND ($3::uuid IS NULL OR service_id = $3)
    AND ($4::text IS NULL OR interface_type = $4) LIMIT 10001) counted

SELECT count(*) FROM connector.integration_connectors
WHERE tenant_id = $1 AND ($2::uuid IS NULL OR project_id = $2) AND ($3::text IS NULL OR service_name = $3)
  AND ($4::text IS NULL OR connector_type = $4) AND ($5::boolean IS NULL OR is_active = $5)

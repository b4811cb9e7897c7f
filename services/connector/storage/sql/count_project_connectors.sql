SELECT count(*) FROM (
  SELECT FROM connector.project_connectors
  WHERE tenant_id = $1 AND ($2::uuid IS NULL OR source_project_id = $2) AND ($3::uuid IS NULL OR target_project_id = $3)
    AND ($4::uuid IS NULL OR target_service_id = $4) AND ($5::text IS NULL OR visibility = $5)
    AND ($6::uuid IS NULL OR source_project_id = $6 OR target_project_id = $6 OR visibility <> 'private') LIMIT 10001) counted

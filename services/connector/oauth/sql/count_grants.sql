SELECT count(*) FROM (
  SELECT FROM connector.oauth_grants g JOIN connector.integration_connectors c USING (tenant_id, connector_id)
  WHERE g.tenant_id = $1 AND ($2::uuid IS NULL OR c.project_id IS NULL OR c.project_id = $2) AND ($3::uuid IS NULL OR g.connector_id = $3) AND ($4 = '' OR g.state = $4)
  LIMIT 10001) AS counted

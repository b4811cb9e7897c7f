INSERT INTO connector.oauth_grants (tenant_id, grant_id, connector_id, display_name, config, scopes_requested, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- Without specifications: they are large, and nobody reads them in a list. $4 to $7 filter unless they are NULL.
SELECT connector_id, tenant_id, project_id, connector_name, display_name, description, service_name, connector_type, auth_type, auth_config::text,
  base_url, allowed_hosts, secret_storage, grant_id, config_schema::text, config_data::text, NULL::text, scopes, classifications, metadata::text,
  test_request::text, pagination::text, rate_limit, timeout_seconds, is_active, last_connected_at, last_error::text, version, created_at, updated_at
FROM connector.integration_connectors
WHERE tenant_id = $1 AND ($2::uuid IS NULL OR connector_id < $2) AND ($4::uuid IS NULL OR project_id = $4) AND ($5::text IS NULL OR service_name = $5)
  AND ($6::text IS NULL OR connector_type = $6) AND ($7::boolean IS NULL OR is_active = $7)
ORDER BY connector_id DESC LIMIT $3

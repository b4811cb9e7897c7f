INSERT INTO connector.integration_connectors (tenant_id, connector_id, project_id, connector_name, display_name, description, service_name, connector_type,
  auth_type, auth_config, base_url, allowed_hosts, secret_storage, grant_id, config_schema, config_data, api_spec, scopes, classifications, metadata, test_request,
  pagination, rate_limit, timeout_seconds, is_active, created_by, request_id, request_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, nullif($27, ''), $28)

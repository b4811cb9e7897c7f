UPDATE connector.integration_connectors
SET display_name = $3, description = $4, auth_config = $5, base_url = $6, allowed_hosts = $7, secret_storage = $8, grant_id = $9, config_schema = $10,
  config_data = $11, api_spec = $12, scopes = $13, classifications = $14, metadata = $15, test_request = $16, pagination = $17, rate_limit = $18,
  timeout_seconds = $19, is_active = $20, version = version + 1
WHERE tenant_id = $1 AND connector_id = $2

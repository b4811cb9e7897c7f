SELECT connector_id, tenant_id, project_id, connector_name, display_name, description, service_name, connector_type, auth_type, auth_config::text,
  base_url, allowed_hosts, secret_storage, grant_id, config_schema::text, config_data::text, api_spec::text, scopes, classifications, metadata::text,
  test_request::text, pagination::text, rate_limit, timeout_seconds, is_active, last_connected_at, last_error::text, version, created_at, updated_at
FROM connector.integration_connectors WHERE tenant_id = $1 AND connector_id = $2

UPDATE connector.integration_connectors SET last_error = $3 WHERE tenant_id = $1 AND connector_id = $2

SELECT connector_id, request_hash FROM connector.integration_connectors WHERE tenant_id = $1 AND request_id = $2

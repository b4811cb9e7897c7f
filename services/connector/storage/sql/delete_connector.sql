DELETE FROM connector.integration_connectors WHERE tenant_id = $1 AND connector_id = $2

SELECT connector_id FROM connector.integration_connectors WHERE tenant_id = $1 AND grant_id = $2 ORDER BY connector_id LIMIT 100

UPDATE connector.integration_connectors SET grant_id = $3, version = version + 1 WHERE tenant_id = $1 AND connector_id = $2 AND grant_id IS NULL

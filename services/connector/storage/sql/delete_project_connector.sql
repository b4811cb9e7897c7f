DELETE FROM connector.project_connectors WHERE tenant_id = $1 AND project_connector_id = $2

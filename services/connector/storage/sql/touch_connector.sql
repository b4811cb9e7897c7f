-- Its secrets changed: copies in memory are old.
UPDATE connector.integration_connectors SET version = version + 1 WHERE tenant_id = $1 AND connector_id = $2

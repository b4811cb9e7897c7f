-- Once a minute is often enough for people, unless there is an error to clear.
UPDATE connector.integration_connectors SET last_connected_at = now(), last_error = NULL
WHERE tenant_id = $1 AND connector_id = $2
  AND (last_error IS NOT NULL OR last_connected_at IS NULL OR last_connected_at < now() - interval '1 minute')

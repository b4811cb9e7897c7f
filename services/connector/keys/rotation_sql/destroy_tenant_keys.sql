UPDATE connector.tenant_keys SET state = 'destroyed', wrapped_key = NULL WHERE tenant_id = $1 AND state <> 'destroyed'

SELECT tenant_id, attempt_id FROM connector.take_device_polls($1)

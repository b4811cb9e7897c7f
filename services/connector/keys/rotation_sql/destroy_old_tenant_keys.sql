-- Only what nothing is under: counted again here, whatever was counted before.
UPDATE connector.tenant_keys k SET state = 'destroyed', wrapped_key = NULL
WHERE k.state = 'decrypt_only' AND ($1::uuid IS NULL OR k.tenant_id = $1)
  AND NOT EXISTS (SELECT FROM connector.sealed_values v WHERE v.tenant_id = k.tenant_id AND v.key_version = k.key_version)

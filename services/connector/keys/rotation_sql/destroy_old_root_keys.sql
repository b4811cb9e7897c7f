UPDATE connector.root_keys r SET state = 'destroyed'
WHERE r.state = 'decrypt_only'
  AND NOT EXISTS (SELECT FROM connector.tenant_keys k WHERE k.root_key_id = r.root_key_id AND k.state <> 'destroyed')

SELECT (SELECT count(*) FROM connector.tenant_keys WHERE state = 'active'), (SELECT count(*) FROM connector.tenant_keys WHERE state = 'decrypt_only'),
  (SELECT count(*) FROM connector.tenant_keys WHERE state = 'destroyed'), (SELECT count(*) FROM connector.sealed_values)

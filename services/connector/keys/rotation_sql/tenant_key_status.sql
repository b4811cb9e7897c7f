SELECT k.key_version, k.root_key_id, k.state, k.created_at,
  (SELECT count(*) FROM connector.sealed_values v WHERE v.tenant_id = k.tenant_id AND v.key_version = k.key_version)
FROM connector.tenant_keys k WHERE k.tenant_id = $1 ORDER BY k.key_version DESC

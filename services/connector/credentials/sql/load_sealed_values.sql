-- With how the owner is, to be compared with how it was when the use was thought of.
SELECT DISTINCT ON (v.field) v.field, v.value_version, v.key_version, v.sealed, k.state,
  CASE $2
    WHEN 'connector' THEN (SELECT c.version FROM connector.integration_connectors c WHERE c.tenant_id = $1 AND c.connector_id = $3)
    WHEN 'grant' THEN (SELECT g.token_version FROM connector.oauth_grants g WHERE g.tenant_id = $1 AND g.grant_id = $3)
  END
FROM connector.sealed_values v JOIN connector.tenant_keys k USING (tenant_id, key_version)
WHERE v.tenant_id = $1 AND v.owner_kind = $2 AND v.owner_id = $3 AND v.field = ANY ($4::text[]) AND v.is_current = $5
ORDER BY v.field, v.value_version DESC

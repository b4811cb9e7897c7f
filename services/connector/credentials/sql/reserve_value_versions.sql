-- No row when that key is not for new values any more. The lock holds off its rotation until what is sealed under it is committed.
WITH key AS (
  SELECT FROM connector.tenant_keys WHERE tenant_id = $1 AND key_version = $2 AND state = 'active' FOR SHARE
)
SELECT nextval('connector.value_versions') FROM key, generate_series(1, $3::integer)

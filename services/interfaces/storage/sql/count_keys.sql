SELECT count(*) FROM (
SELECT FROM tenancy.api_keys
WHERE tenant_id = $1 AND ($2::uuid IS NULL OR project_id = $2)
  AND ($3 OR (revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())))
LIMIT 10001) counted

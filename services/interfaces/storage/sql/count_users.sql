SELECT count(*) FROM (
SELECT FROM tenancy.users u
WHERE u.tenant_id = $1
  AND ($2::text IS NULL OR u.status = $2)
  AND ($3::text IS NULL OR EXISTS (SELECT FROM tenancy.user_roles r
                                   WHERE r.tenant_id = u.tenant_id AND r.user_id = u.user_id AND r.role = $3))
  AND ($4::text IS NULL OR u.email_key = lower($4))
LIMIT 10001) counted

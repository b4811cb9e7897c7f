-- A tenant that is not there has no rows either: the same question, whoever is asked for.
SELECT u.user_id, u.status, c.password_hash, c.must_change, c.expires_at
FROM tenancy.users u JOIN tenancy.user_credentials c USING (tenant_id, user_id)
WHERE tenant_id = $1 AND u.email_key = lower($2)

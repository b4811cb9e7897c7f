-- Always one row: the address as it is compared, and whose it is. A tenant that is not there has no rows either: the same question, whoever
-- is asked for.
SELECT k.email_key, u.user_id, u.status, c.password_hash, c.must_change, c.expires_at
FROM (SELECT lower($2) AS email_key) k
LEFT JOIN tenancy.users u ON u.tenant_id = $1 AND u.email_key = k.email_key
LEFT JOIN tenancy.user_credentials c ON c.tenant_id = u.tenant_id AND c.user_id = u.user_id

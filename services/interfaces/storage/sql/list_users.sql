SELECT u.user_id, u.tenant_id, u.email, u.first_name, u.last_name, u.status,
       ARRAY(SELECT g.role FROM tenancy.user_roles g JOIN tenancy.roles k USING (role)
             WHERE g.tenant_id = u.tenant_id AND g.user_id = u.user_id ORDER BY k.rank),
       coalesce((SELECT c.must_change FROM tenancy.user_credentials c
                 WHERE c.tenant_id = u.tenant_id AND c.user_id = u.user_id), false),
       u.last_login_at, u.created_at, u.updated_at
FROM tenancy.users u
WHERE u.tenant_id = $1
  AND ($2::text IS NULL OR u.status = $2)
  AND ($3::text IS NULL OR EXISTS (SELECT FROM tenancy.user_roles r
                                   WHERE r.tenant_id = u.tenant_id AND r.user_id = u.user_id AND r.role = $3))
  AND ($4::text IS NULL OR u.email_key = lower($4))
  AND ($5::uuid IS NULL OR u.user_id < $5)
ORDER BY u.user_id DESC LIMIT $6

SELECT u.user_id, u.tenant_id, u.email, u.first_name, u.last_name, u.status,
       ARRAY(SELECT g.role FROM tenancy.user_roles g JOIN tenancy.roles k USING (role)
             WHERE g.tenant_id = u.tenant_id AND g.user_id = u.user_id ORDER BY k.rank),
       coalesce((SELECT c.must_change FROM tenancy.user_credentials c
                 WHERE c.tenant_id = u.tenant_id AND c.user_id = u.user_id), false),
       u.last_login_at, u.created_at, u.updated_at
FROM tenancy.users u WHERE u.tenant_id = $1 AND u.user_id = $2

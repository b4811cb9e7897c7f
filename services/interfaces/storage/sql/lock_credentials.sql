SELECT c.password_hash FROM tenancy.user_credentials c JOIN tenancy.users u USING (tenant_id, user_id)
WHERE tenant_id = $1 AND user_id = $2 AND u.status = 'active' FOR UPDATE OF c

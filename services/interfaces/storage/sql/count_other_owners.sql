SELECT count(*) FROM tenancy.users u JOIN tenancy.user_roles r USING (tenant_id, user_id)
WHERE tenant_id = $1 AND user_id <> $2 AND r.role = 'owner' AND u.status = 'active'

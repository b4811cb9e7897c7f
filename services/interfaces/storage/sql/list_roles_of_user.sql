SELECT role FROM tenancy.user_roles JOIN tenancy.roles USING (role) WHERE tenant_id = $1 AND user_id = $2 ORDER BY rank

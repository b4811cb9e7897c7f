DELETE FROM tenancy.user_roles WHERE tenant_id = $1 AND user_id = $2

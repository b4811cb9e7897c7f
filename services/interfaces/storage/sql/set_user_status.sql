UPDATE tenancy.users SET status = $3 WHERE tenant_id = $1 AND user_id = $2

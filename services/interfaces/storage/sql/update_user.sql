UPDATE tenancy.users SET email = $3, first_name = $4, last_name = $5 WHERE tenant_id = $1 AND user_id = $2

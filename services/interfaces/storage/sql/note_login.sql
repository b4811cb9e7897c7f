UPDATE tenancy.users SET last_login_at = $3 WHERE tenant_id = $1 AND user_id = $2

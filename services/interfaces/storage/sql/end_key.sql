UPDATE tenancy.api_keys SET revoked_at = $3, expires_at = $4, replaced_by = $5 WHERE tenant_id = $1 AND api_key_id = $2
RETURNING api_key_id, tenant_id, name, prefix, role, project_id, user_id, expires_at, revoked_at, last_used_at, created_at, replaced_by

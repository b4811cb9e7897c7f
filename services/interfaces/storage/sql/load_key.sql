SELECT api_key_id, tenant_id, name, prefix, role, project_id, user_id, expires_at, revoked_at, last_used_at, created_at, replaced_by FROM tenancy.api_keys WHERE tenant_id = $1 AND api_key_id = $2

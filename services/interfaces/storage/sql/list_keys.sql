SELECT api_key_id, tenant_id, name, prefix, role, project_id, user_id, expires_at, revoked_at, last_used_at, created_at, replaced_by FROM tenancy.api_keys
WHERE tenant_id = $1 AND ($2::uuid IS NULL OR project_id = $2)
  AND ($3 OR (revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())))
  AND ($4::uuid IS NULL OR api_key_id < $4)
ORDER BY api_key_id DESC LIMIT $5

INSERT INTO tenancy.api_keys (tenant_id, api_key_id, name, prefix, key_hash, role, project_id, user_id, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
RETURNING api_key_id, tenant_id, name, prefix, role, project_id, user_id, expires_at, revoked_at, last_used_at, created_at, replaced_by

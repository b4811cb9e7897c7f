UPDATE tenancy.sessions SET revoked_at = $2, revoked_because = 'disabled' WHERE tenant_id = $1 AND revoked_at IS NULL

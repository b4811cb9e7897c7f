UPDATE tenancy.sessions SET revoked_at = $3, revoked_because = $4
WHERE tenant_id = $1 AND session_id = $2 AND revoked_at IS NULL

SELECT s.user_id, s.expires_at, s.revoked_at IS NOT NULL, u.status = 'active' AND t.status = 'active'
FROM tenancy.sessions s JOIN tenancy.users u USING (tenant_id, user_id) JOIN tenancy.tenants t USING (tenant_id)
WHERE tenant_id = $1 AND s.session_id = $2 FOR UPDATE OF s

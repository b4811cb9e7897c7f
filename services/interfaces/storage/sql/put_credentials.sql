INSERT INTO tenancy.user_credentials (tenant_id, user_id, password_hash, must_change, expires_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, user_id) DO UPDATE SET password_hash = excluded.password_hash, must_change = excluded.must_change,
  expires_at = excluded.expires_at, changed_at = excluded.changed_at

-- Those that may do more than a role; all without one.
UPDATE tenancy.api_keys k SET revoked_at = $3
WHERE k.tenant_id = $1 AND k.user_id = $2 AND k.revoked_at IS NULL
  AND ($4::text IS NULL OR (SELECT rank FROM tenancy.roles WHERE role = k.role) > (SELECT rank FROM tenancy.roles WHERE role = $4))

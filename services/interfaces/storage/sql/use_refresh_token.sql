UPDATE tenancy.refresh_tokens SET used_at = $4, request_hash = $5, successor_salt = $6
WHERE tenant_id = $1 AND session_id = $2 AND token_hash = $3 AND used_at IS NULL

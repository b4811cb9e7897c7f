SELECT used_at, request_hash, successor_salt FROM tenancy.refresh_tokens
WHERE tenant_id = $1 AND session_id = $2 AND token_hash = $3

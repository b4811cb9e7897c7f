INSERT INTO tenancy.refresh_tokens (tenant_id, session_id, token_hash, issued_at) VALUES ($1, $2, $3, $4)

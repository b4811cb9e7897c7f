SELECT sequence, hash FROM connector.credential_audit_heads WHERE tenant_id = $1

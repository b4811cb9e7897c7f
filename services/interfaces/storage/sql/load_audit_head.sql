SELECT sequence, hash FROM tenancy.audit_heads WHERE tenant_id = $1

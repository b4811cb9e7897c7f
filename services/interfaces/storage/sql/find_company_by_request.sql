SELECT company_id, request_hash FROM tenancy.companies WHERE tenant_id = $1 AND request_id = $2

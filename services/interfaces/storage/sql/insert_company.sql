INSERT INTO tenancy.companies (tenant_id, company_id, name, properties, request_id, request_hash) VALUES ($1, $2, $3, $4, nullif($5, ''), $6)

SELECT count(*) FROM (SELECT FROM tenancy.companies WHERE tenant_id = $1 LIMIT 10001) counted

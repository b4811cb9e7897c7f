-- The one question asked before a tenant is known; answered past row-level security for an exact name only.
SELECT tenant_id, webhook_rate_limit FROM tenancy.find_tenant($1)

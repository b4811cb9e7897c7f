-- The row that every step of a tenant's making or removing locks first.
SELECT state, operation_id, previous_status FROM tenancy.tenant_lifecycles WHERE tenant_id = $1 FOR UPDATE

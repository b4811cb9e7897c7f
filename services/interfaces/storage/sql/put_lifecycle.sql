INSERT INTO tenancy.tenant_lifecycles (tenant_id, state, operation_id, previous_status) VALUES ($1, $2, $3, $4)
ON CONFLICT (tenant_id) DO UPDATE SET state = excluded.state, operation_id = excluded.operation_id, previous_status = excluded.previous_status

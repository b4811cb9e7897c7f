-- A trigger numbers and chains it.
INSERT INTO tenancy.audit_log (tenant_id, actor_user_id, actor_api_key_id, actor_service, action, resource_type, resource_id, details, request_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

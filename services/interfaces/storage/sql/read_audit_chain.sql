SELECT sequence, occurred_at, actor_user_id, actor_api_key_id, actor_service, action, resource_type, resource_id, details::text, request_id, previous_hash, hash
FROM tenancy.audit_log WHERE tenant_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3

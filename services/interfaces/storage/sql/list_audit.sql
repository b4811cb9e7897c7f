SELECT sequence, occurred_at, actor_user_id, actor_api_key_id, actor_service, action, resource_type, resource_id, details::text, request_id, previous_hash, hash
FROM tenancy.audit_log
WHERE tenant_id = $1
  AND ($2::text IS NULL OR action = $2)
  AND ($3::text IS NULL OR resource_type = $3)
  AND ($4::text IS NULL OR resource_id = $4)
  AND ($5::uuid IS NULL OR actor_user_id = $5)
  AND ($6::timestamptz IS NULL OR occurred_at >= $6)
  AND ($7::timestamptz IS NULL OR occurred_at < $7)
  AND ($8::bigint IS NULL OR sequence < $8)
ORDER BY sequence DESC LIMIT $9

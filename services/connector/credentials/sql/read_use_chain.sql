SELECT sequence, occurred_at, event, use_id, owner_kind, owner_id, array_to_string(fields, ','), array_to_string(value_versions, ','),
  purpose, target_host, execution_id, actor_user_id, actor_api_key_id, actor_service, request_id, result, http_status, previous_hash, hash
FROM connector.credential_audit WHERE tenant_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3

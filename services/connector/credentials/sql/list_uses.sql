SELECT a.sequence, a.occurred_at, a.event, a.use_id, a.owner_kind, a.owner_id, array_to_string(a.fields, ','), array_to_string(a.value_versions, ','),
  a.purpose, a.target_host, a.execution_id, a.actor_user_id, a.actor_api_key_id, a.actor_service, a.request_id, a.result, a.http_status,
  a.previous_hash, a.hash, o.result, o.http_status, o.occurred_at
FROM connector.credential_audit a
LEFT JOIN LATERAL (
  SELECT result, http_status, occurred_at FROM connector.credential_audit
  WHERE tenant_id = a.tenant_id AND use_id = a.use_id AND event = 'outcome' ORDER BY sequence DESC LIMIT 1
) AS o ON true
WHERE a.tenant_id = $1 AND a.event <> 'outcome'
  AND ($2::uuid IS NULL OR a.owner_id = $2)
  AND ($3::text IS NULL OR a.purpose = $3)
  AND ($4::text IS NULL OR (a.execution_id = $4 AND a.execution_id <> ''))
  AND ($5::timestamptz IS NULL OR a.occurred_at >= $5)
  AND ($6::timestamptz IS NULL OR a.occurred_at < $6)
  AND ($7::bigint IS NULL OR a.sequence < $7)
ORDER BY a.sequence DESC LIMIT $8

SELECT execution_id, request_hash FROM workflow.execution_keys WHERE shard_id = $1 AND tenant_id = $2 AND idempotency_key = $3

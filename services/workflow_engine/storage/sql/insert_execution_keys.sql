INSERT INTO workflow.execution_keys (shard_id, tenant_id, idempotency_key, execution_id, request_hash)
SELECT * FROM unnest($1::int[], $2::uuid[], $3::text[], $4::uuid[], $5::bytea[])

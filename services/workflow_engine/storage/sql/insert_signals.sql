INSERT INTO workflow.signals (shard_id, execution_id, sequence, tenant_id, name, dedupe_id, payload, received_at)
SELECT * FROM unnest($1::int[], $2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::text[], $7::json[], $8::timestamptz[])

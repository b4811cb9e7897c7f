INSERT INTO workflow.timers (shard_id, execution_id, purpose, node_id, visit, tenant_id, fires_at)
SELECT * FROM unnest($1::int[], $2::uuid[], $3::text[], $4::text[], $5::int[], $6::uuid[], $7::timestamptz[])
ON CONFLICT (shard_id, execution_id, purpose, node_id, visit) DO UPDATE SET fires_at = excluded.fires_at

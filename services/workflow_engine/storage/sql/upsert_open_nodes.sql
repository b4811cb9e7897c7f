INSERT INTO workflow.open_nodes
  (shard_id, execution_id, node_id, visit, tenant_id, attempt, state, held_by, wake_at, token, last_error, first_started_at, started_at)
SELECT * FROM unnest($1::int[], $2::uuid[], $3::text[], $4::int[], $5::uuid[], $6::int[], $7::text[], $8::text[], $9::timestamptz[],
                     $10::uuid[], $11::json[], $12::timestamptz[], $13::timestamptz[])
ON CONFLICT (shard_id, execution_id, node_id, visit) DO UPDATE
SET attempt = excluded.attempt, state = excluded.state, held_by = excluded.held_by, wake_at = excluded.wake_at, token = excluded.token,
    last_error = excluded.last_error, first_started_at = excluded.first_started_at, started_at = excluded.started_at

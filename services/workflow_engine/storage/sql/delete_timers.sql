DELETE FROM workflow.timers t
USING unnest($1::int[], $2::uuid[], $3::text[], $4::text[], $5::int[]) AS d (shard_id, execution_id, purpose, node_id, visit)
WHERE t.shard_id = d.shard_id AND t.execution_id = d.execution_id AND t.purpose = d.purpose AND t.node_id = d.node_id AND t.visit = d.visit

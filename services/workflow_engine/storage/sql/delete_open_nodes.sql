DELETE FROM workflow.open_nodes o
USING unnest($1::int[], $2::uuid[], $3::text[], $4::int[]) AS d (shard_id, execution_id, node_id, visit)
WHERE o.shard_id = d.shard_id AND o.execution_id = d.execution_id AND o.node_id = d.node_id AND o.visit = d.visit

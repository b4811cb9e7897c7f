DELETE FROM workflow.open_executions o
USING unnest($1::int[], $2::uuid[]) AS d (shard_id, execution_id)
WHERE o.shard_id = d.shard_id AND o.execution_id = d.execution_id

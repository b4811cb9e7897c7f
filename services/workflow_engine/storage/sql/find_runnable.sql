-- Held by the lease of an owner that is gone, or by nothing at all.
SELECT DISTINCT execution_id FROM workflow.open_nodes WHERE shard_id = ANY ($1::smallint[]) AND held_by = 'lease'
UNION
SELECT o.execution_id FROM workflow.open_executions o
WHERE o.shard_id = ANY ($1::smallint[])
  AND NOT EXISTS (SELECT FROM workflow.open_nodes n WHERE n.shard_id = ANY ($1::smallint[]) AND n.shard_id = o.shard_id AND n.execution_id = o.execution_id)

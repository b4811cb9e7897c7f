SELECT t.execution_id, t.purpose, t.node_id, t.visit, t.fires_at FROM workflow.timers t
WHERE t.shard_id = ANY ($1::smallint[]) AND t.fires_at < $2
ORDER BY t.fires_at LIMIT $3

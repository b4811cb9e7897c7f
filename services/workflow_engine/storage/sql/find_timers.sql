SELECT execution_id, purpose, node_id, visit, fires_at FROM workflow.timers WHERE shard_id = ANY ($1::smallint[]) AND fires_at < $2

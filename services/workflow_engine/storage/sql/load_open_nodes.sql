SELECT node_id, visit, attempt, held_by, wake_at, last_error, first_started_at, started_at
FROM workflow.open_nodes WHERE shard_id = $1 AND execution_id = $2

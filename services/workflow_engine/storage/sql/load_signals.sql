SELECT name, dedupe_id, payload FROM workflow.signals WHERE shard_id = $1 AND execution_id = $2 ORDER BY sequence

SELECT node_id, sequence, visit, attempt, state, branch, taken_edges::text, input, output, error, answer_head
FROM workflow.node_executions WHERE shard_id = $1 AND execution_id = $2 ORDER BY sequence

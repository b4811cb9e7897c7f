UPDATE workflow.workflow_executions e
SET state = u.state, ending = u.ending, result = u.result, error = u.error, updated_at = u.updated_at, completed_at = u.completed_at
FROM unnest($1::int[], $2::uuid[], $3::text[], $4::text[], $5::json[], $6::json[], $7::timestamptz[], $8::timestamptz[])
  AS u (shard_id, execution_id, state, ending, result, error, updated_at, completed_at)
WHERE e.shard_id = u.shard_id AND e.execution_id = u.execution_id

INSERT INTO workflow.open_executions (shard_id, execution_id, tenant_id)
SELECT * FROM unnest($1::int[], $2::uuid[], $3::uuid[])

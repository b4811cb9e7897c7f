INSERT INTO workflow.workflow_executions
  (shard_id, execution_id, tenant_id, workflow_id, version, state, ending, trigger_type, trigger_node, input, result, error,
   idempotency_key, webhook_id, started_at, updated_at, completed_at)
SELECT * FROM unnest($1::int[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[], $10::json[],
                     $11::json[], $12::json[], $13::text[], $14::uuid[], $15::timestamptz[], $16::timestamptz[], $17::timestamptz[])

INSERT INTO workflow.node_executions
  (shard_id, execution_id, sequence, tenant_id, node_id, node_type, visit, attempt, state, branch, taken_edges, input, output, error,
   answer_head, started_at, completed_at)
SELECT shard_id, execution_id, sequence, tenant_id, node_id, node_type, visit, attempt, state, branch, taken_edges::int[], input, output,
       error, answer_head, started_at, completed_at
FROM unnest($1::int[], $2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::text[], $7::int[], $8::int[], $9::text[], $10::text[],
            $11::text[], $12::json[], $13::json[], $14::json[], $15::json[], $16::timestamptz[], $17::timestamptz[])
  AS n (shard_id, execution_id, sequence, tenant_id, node_id, node_type, visit, attempt, state, branch, taken_edges, input, output, error,
        answer_head, started_at, completed_at)

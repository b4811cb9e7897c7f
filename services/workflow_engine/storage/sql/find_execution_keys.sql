SELECT wanted.position, found.execution_id, found.request_hash
FROM unnest($1::int[], $2::uuid[], $3::text[]) WITH ORDINALITY AS wanted (shard_id, tenant_id, idempotency_key, position),
     -- LIMIT keeps it a look-up in the index for each, however many the planner expects.
     LATERAL (SELECT k.execution_id, k.request_hash FROM workflow.execution_keys k
              WHERE k.shard_id = wanted.shard_id AND k.tenant_id = wanted.tenant_id AND k.idempotency_key = wanted.idempotency_key
              LIMIT 1) AS found

INSERT INTO workflow.webhooks
  (webhook_id, tenant_id, trigger_type, action_type, payload, headers, query, delivery_id, outcome, execution_ids, redelivery_of, received_at)
SELECT webhook_id, tenant_id, trigger_type, action_type, payload, headers, query, delivery_id, outcome,
       -- The executions of all receipts come as one array; each receipt says where its own begin and how many they are.
       ($10::uuid[])[first_execution + 1 : first_execution + executions], redelivery_of, received_at
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::json[], $6::json[], $7::json[], $8::text[], $9::text[],
            $11::int[], $12::int[], $13::uuid[], $14::timestamptz[])
  AS r (webhook_id, tenant_id, trigger_type, action_type, payload, headers, query, delivery_id, outcome,
        first_execution, executions, redelivery_of, received_at)

-- Newest first.
SELECT webhook_id, trigger_type, action_type, received_at, payload, headers, query, delivery_id, outcome, execution_ids, redelivery_of
FROM workflow.webhooks
WHERE tenant_id = $1 AND webhook_id >= $2 AND webhook_id < $3 AND received_at >= $4 AND received_at < $5
  AND ($6 = '' OR trigger_type = $6) AND ($7 = '' OR action_type = $7)
ORDER BY webhook_id DESC LIMIT $8

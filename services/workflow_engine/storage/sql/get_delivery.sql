SELECT webhook_id, trigger_type, action_type, received_at, payload, headers, query, delivery_id, outcome, execution_ids, redelivery_of
FROM workflow.webhooks WHERE tenant_id = $1 AND webhook_id = $2

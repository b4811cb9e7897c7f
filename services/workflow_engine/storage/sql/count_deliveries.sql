-- Stops counting at $8.
SELECT count(*) FROM (
  SELECT FROM workflow.webhooks
  WHERE tenant_id = $1 AND webhook_id >= $2 AND webhook_id < $3 AND received_at >= $4 AND received_at < $5
    AND ($6 = '' OR trigger_type = $6) AND ($7 = '' OR action_type = $7)
  LIMIT $8
) AS counted

-- Stops counting at $7.
SELECT count(*) FROM (
  SELECT FROM workflow.event_store
  WHERE tenant_id = $1 AND workflow_id = $8 AND (cardinality($2::text[]) = 0 OR event_type = ANY ($2))
    AND "timestamp" >= $3 AND "timestamp" < $4 AND event_id >= $5 AND event_id < $6
  LIMIT $7
) AS counted

-- Newest first, below sequence number $2.
SELECT event_id, sequence_number, event_type, "timestamp", workflow_id, job_id, payload
FROM workflow.event_store
WHERE tenant_id = $1 AND sequence_number < $2 AND (cardinality($3::text[]) = 0 OR event_type = ANY ($3))
  AND "timestamp" >= $4 AND "timestamp" < $5 AND event_id >= $6 AND event_id < $7
ORDER BY sequence_number DESC LIMIT $8

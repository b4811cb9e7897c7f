-- The number of the tenant's newest event; 0 before the first.
SELECT coalesce(max(sequence_number), 0) FROM workflow.event_store WHERE tenant_id = $1

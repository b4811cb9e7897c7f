-- Runs after lock_event_streams, so it sees the last number of every stream it adds to. `ordinal` counts a tenant's events in this batch.
-- MATERIALIZED: the last numbers are read once, before the first row goes in; looked up again for each row, they would pass over all
-- rows of this very statement every time.
WITH last_numbers AS MATERIALIZED (
  SELECT t.tenant_id, coalesce((SELECT max(s.sequence_number) FROM workflow.event_store s WHERE s.tenant_id = t.tenant_id), 0) AS last
  FROM unnest($9::uuid[]) AS t (tenant_id)
)
INSERT INTO workflow.event_store (event_id, tenant_id, sequence_number, event_type, workflow_id, job_id, payload, "timestamp")
SELECT e.event_id, e.tenant_id, l.last + e.ordinal, e.event_type, e.workflow_id, e.job_id, e.payload, e.at
FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::uuid[], $6::uuid[], $7::json[], $8::timestamptz[])
  AS e (event_id, tenant_id, ordinal, event_type, workflow_id, job_id, payload, at)
JOIN last_numbers l USING (tenant_id)

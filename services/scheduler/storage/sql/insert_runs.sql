INSERT INTO schedule.schedule_runs AS r (tenant_id, schedule_id, nominal_at, origin, state, reason, last_nominal_at, instants, overlap_policy, due_at, input, wake_at)
SELECT $1, n.schedule_id, n.nominal_at, n.origin, n.state, nullif(n.reason, ''), n.last_nominal_at, n.instants, n.overlap_policy, n.due_at,
       CASE WHEN n.state <> 'skipped' THEN n.input END, CASE WHEN n.state = 'pending' THEN now() + make_interval(secs => $12::double precision) END
FROM unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::integer[], $9::text[], $10::timestamptz[], $11::json[])
  AS n (schedule_id, nominal_at, origin, state, reason, last_nominal_at, instants, overlap_policy, due_at, input)
-- A backfill runs what was skipped; nothing else runs an instant that has a row.
ON CONFLICT (tenant_id, schedule_id, nominal_at) DO UPDATE
SET origin = excluded.origin, state = excluded.state, reason = excluded.reason, last_nominal_at = excluded.last_nominal_at, instants = 1,
    overlap_policy = excluded.overlap_policy, due_at = excluded.due_at, decided_at = now(), input = excluded.input, wake_at = excluded.wake_at,
    note = NULL, attempts = 0
WHERE r.state = 'skipped' AND r.instants = 1 AND excluded.origin = 'backfill' AND excluded.state <> 'skipped'
RETURNING schedule_id, nominal_at, state

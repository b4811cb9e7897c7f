UPDATE schedule.schedule_runs r
SET state = n.state, execution_id = coalesce(n.execution_id, r.execution_id), started_at = coalesce(n.started_at, r.started_at), ended_at = n.ended_at,
    reason = nullif(n.reason, ''), note = nullif(left(n.note, 1000), ''), attempts = r.attempts + 1,
    checked_at = CASE WHEN n.state = 'pending' OR NOT n.is_answer THEN r.checked_at ELSE now() END,
    input = CASE WHEN n.state = 'pending' THEN r.input END,
    wake_at = CASE WHEN n.state NOT IN ('pending', 'running') THEN NULL
                   WHEN r.cancel_requested AND r.state = 'pending' AND n.state = 'running' THEN now()
                   ELSE now() + make_interval(secs => n.delay) END
FROM unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::uuid[], $6::timestamptz[], $7::timestamptz[], $8::text[], $9::text[], $10::double precision[], $11::boolean[])
  AS n (schedule_id, nominal_at, state, execution_id, started_at, ended_at, reason, note, delay, is_answer)
WHERE r.tenant_id = $1 AND r.schedule_id = n.schedule_id AND r.nominal_at = n.nominal_at AND r.state IN ('pending', 'running')
  AND NOT (r.state = 'running' AND n.state IN ('pending', 'skipped'))

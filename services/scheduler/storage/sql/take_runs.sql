UPDATE schedule.schedule_runs r SET wake_at = now() + make_interval(secs => $4::double precision)
FROM unnest($2::uuid[], $3::timestamptz[]) AS t (schedule_id, nominal_at), schedule.scheduled_events s
WHERE r.tenant_id = $1 AND r.schedule_id = t.schedule_id AND r.nominal_at = t.nominal_at AND r.state IN ('pending', 'running')
  AND s.tenant_id = r.tenant_id AND s.schedule_id = r.schedule_id
RETURNING r.schedule_id, r.nominal_at, r.state, 
          CASE WHEN r.terminate_requested THEN 'terminate' WHEN r.cancel_requested THEN 'cancel' ELSE 'none' END, r.execution_id, coalesce(r.input::text, ''), r.attempts, r.due_at, s.workflow_id,
          coalesce(s.node_id, ''), now(), r.started_at

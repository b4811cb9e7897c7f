SELECT schedule_id, nominal_at, state, coalesce(checked_at, '-infinity')
FROM schedule.schedule_runs WHERE tenant_id = $1 AND schedule_id = ANY ($2::uuid[]) AND state IN ('pending', 'buffered', 'running')

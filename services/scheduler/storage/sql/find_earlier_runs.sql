SELECT nominal_at FROM schedule.schedule_runs
WHERE tenant_id = $1 AND schedule_id = $2 AND nominal_at = ANY ($3::timestamptz[]) AND state <> 'skipped'

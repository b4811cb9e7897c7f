UPDATE schedule.scheduled_events s SET lastrun = greatest(s.lastrun, n.started_at)
FROM unnest($2::uuid[], $3::timestamptz[]) AS n (schedule_id, started_at)
WHERE s.tenant_id = $1 AND s.schedule_id = n.schedule_id

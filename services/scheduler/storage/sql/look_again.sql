UPDATE schedule.scheduled_events SET nextrun = now() + make_interval(secs => $3::double precision) WHERE tenant_id = $1 AND schedule_id = ANY ($2::uuid[])

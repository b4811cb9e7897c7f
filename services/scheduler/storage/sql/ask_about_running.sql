UPDATE schedule.schedule_runs SET wake_at = now() WHERE tenant_id = $1 AND schedule_id = ANY ($2::uuid[]) AND state = 'running' AND wake_at > now()

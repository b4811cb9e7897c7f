UPDATE schedule.schedule_runs SET state = 'skipped', reason = $3, input = NULL
WHERE tenant_id = $1 AND schedule_id = ANY ($2::uuid[]) AND state = 'buffered'

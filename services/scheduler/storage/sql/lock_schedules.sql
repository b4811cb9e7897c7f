SELECT FROM schedule.scheduled_events WHERE tenant_id = $1 AND schedule_id = ANY ($2::uuid[]) ORDER BY schedule_id FOR UPDATE

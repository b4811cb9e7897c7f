SELECT schedule_id, request_hash FROM schedule.scheduled_events WHERE tenant_id = $1 AND request_id = $2

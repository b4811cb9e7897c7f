DELETE FROM schedule.scheduled_events WHERE tenant_id = $1 AND schedule_id = $2

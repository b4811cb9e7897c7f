UPDATE schedule.scheduled_events
SET status = 'paused', paused_by = 'spec', note = left($3, 1000), next_nominal = NULL, nextrun = NULL, updated_at = now()
WHERE tenant_id = $1 AND schedule_id = $2

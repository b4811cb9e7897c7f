WITH paused AS (
  UPDATE schedule.scheduled_events
  SET status = 'paused', paused_by = 'failure', note = 'a run failed', next_nominal = NULL, nextrun = NULL, updated_at = now()
  WHERE tenant_id = $1 AND schedule_id = ANY ($2::uuid[]) AND pause_on_failure AND status = 'active'
  RETURNING schedule_id)
UPDATE schedule.schedule_runs r SET state = 'skipped', reason = 'PAUSED', input = NULL
FROM paused p WHERE r.tenant_id = $1 AND r.schedule_id = p.schedule_id AND r.state = 'buffered'

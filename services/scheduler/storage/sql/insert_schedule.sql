INSERT INTO schedule.scheduled_events (tenant_id, schedule_id, workflow_id, project_id, name, spec, overlap_policy, catch_up, catch_up_seconds, pause_on_failure,
  remaining_runs, data, metadata, status, decided_until, next_nominal, nextrun, request_id, request_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, nullif($18, ''), $19)

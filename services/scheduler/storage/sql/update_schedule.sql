UPDATE schedule.scheduled_events
SET name = $3, spec = $4, overlap_policy = $5, catch_up = $6, catch_up_seconds = $7, pause_on_failure = $8, remaining_runs = $9, data = $10, metadata = $11,
    status = $12, paused_by = nullif($13, ''), note = $14, decided_until = $15, next_nominal = $16, nextrun = $17, skip_until = $18, skip_reason = nullif($19, ''),
    revision = revision + 1, updated_at = now()
WHERE tenant_id = $1 AND schedule_id = $2

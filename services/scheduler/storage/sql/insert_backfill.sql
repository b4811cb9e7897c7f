INSERT INTO schedule.backfills (tenant_id, backfill_id, schedule_id, start_at, end_at, overlap_policy, done_until, total_instants, wake_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now())

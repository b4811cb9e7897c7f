SELECT tenant_id, backfill_id, schedule_id, start_at, end_at, overlap_policy, state = 'completed', done_until, total_instants, run_instants, earlier_instants
FROM schedule.backfills WHERE tenant_id = $1 AND backfill_id = $2

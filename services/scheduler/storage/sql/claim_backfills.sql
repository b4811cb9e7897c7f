SELECT tenant_id, backfill_id, schedule_id FROM schedule.claim_backfills($1::integer)

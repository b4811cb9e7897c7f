SELECT now, schedule_at, run_at, backfill_at FROM schedule.next_due_by_kind()

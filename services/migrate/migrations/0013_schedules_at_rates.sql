-- Schedules that start a thousand executions a second.

-- When something is due next, of each kind, so that only what is due is asked for.
CREATE FUNCTION schedule.next_due_by_kind() RETURNS TABLE (now timestamptz, schedule_at timestamptz, run_at timestamptz, backfill_at timestamptz)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT clock_timestamp(), (SELECT min(s.nextrun) FROM schedule.scheduled_events s WHERE s.nextrun IS NOT NULL),
                                  (SELECT min(r.wake_at) FROM schedule.schedule_runs r WHERE r.wake_at IS NOT NULL),
                                  (SELECT min(b.wake_at) FROM schedule.backfills b WHERE b.wake_at IS NOT NULL) $$;
REVOKE ALL ON FUNCTION schedule.next_due_by_kind() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION schedule.next_due_by_kind() TO penstock_server;

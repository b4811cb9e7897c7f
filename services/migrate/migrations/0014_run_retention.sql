-- Rows of runs that are long over are dropped.

-- An instant up to here that has no row may have run: its row was dropped. A backfill must not ask for it.
ALTER TABLE schedule.scheduled_events ADD COLUMN forgotten_until timestamptz;

-- What is over, by when it was.
CREATE INDEX schedule_runs_over ON schedule.schedule_runs ((coalesce(ended_at, decided_at))) WHERE wake_at IS NULL AND state <> 'buffered';

-- Schedules of all tenants with runs that were over after `since` and not after `until`, the oldest first. Tells ids and when, and nothing else.
CREATE FUNCTION schedule.find_old_runs(since timestamptz, until timestamptz, how_many integer)
  RETURNS TABLE (tenant_id uuid, schedule_id uuid, over_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT r.tenant_id, r.schedule_id, coalesce(r.ended_at, r.decided_at) FROM schedule.schedule_runs r
        WHERE r.wake_at IS NULL AND r.state <> 'buffered' AND coalesce(r.ended_at, r.decided_at) > since AND coalesce(r.ended_at, r.decided_at) <= until
        ORDER BY coalesce(r.ended_at, r.decided_at) FETCH FIRST how_many ROWS WITH TIES $$;
REVOKE ALL ON FUNCTION schedule.find_old_runs(timestamptz, timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION schedule.find_old_runs(timestamptz, timestamptz, integer) TO penstock_server;

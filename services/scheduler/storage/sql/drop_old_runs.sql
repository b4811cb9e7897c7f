WITH old AS (
  SELECT r.schedule_id, r.nominal_at
  FROM unnest($2::uuid[]) AS s (schedule_id)
       -- The latest that is not among those that are kept, however old.
       CROSS JOIN LATERAL (SELECT k.nominal_at FROM schedule.schedule_runs k WHERE k.tenant_id = $1 AND k.schedule_id = s.schedule_id
                           ORDER BY k.nominal_at DESC OFFSET $4 LIMIT 1) AS last
       CROSS JOIN LATERAL (SELECT r.schedule_id, r.nominal_at FROM schedule.schedule_runs r
                           WHERE r.tenant_id = $1 AND r.schedule_id = s.schedule_id AND r.nominal_at <= last.nominal_at
                             AND r.wake_at IS NULL AND r.state <> 'buffered'
                             AND coalesce(r.ended_at, r.decided_at) <= now() - make_interval(secs => $3::double precision)
                           ORDER BY r.nominal_at LIMIT $5) AS r
  -- A backfill asks which instants have run.
  WHERE NOT EXISTS (SELECT FROM schedule.backfills b WHERE b.tenant_id = $1 AND b.schedule_id = s.schedule_id AND b.state = 'running')
  LIMIT $5
), gone AS (
  DELETE FROM schedule.schedule_runs r USING old WHERE r.tenant_id = $1 AND r.schedule_id = old.schedule_id AND r.nominal_at = old.nominal_at
  RETURNING r.schedule_id, r.nominal_at, r.state
), forgotten AS (
  UPDATE schedule.scheduled_events s SET forgotten_until = greatest(s.forgotten_until, g.last_nominal)
  FROM (SELECT schedule_id, max(nominal_at) AS last_nominal FROM gone WHERE state <> 'skipped' GROUP BY schedule_id) AS g
  WHERE s.tenant_id = $1 AND s.schedule_id = g.schedule_id
)
SELECT count(*) FROM gone

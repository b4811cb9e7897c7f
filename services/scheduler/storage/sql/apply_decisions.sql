UPDATE schedule.scheduled_events s
SET decided_until = d.decided_until, next_nominal = d.next_nominal, nextrun = d.nextrun, status = d.status, remaining_runs = d.remaining_runs,
    skip_until = CASE WHEN s.skip_until > d.decided_until THEN s.skip_until END,
    skip_reason = CASE WHEN s.skip_until > d.decided_until THEN s.skip_reason END
FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::integer[])
  AS d (schedule_id, decided_until, next_nominal, nextrun, status, remaining_runs)
WHERE s.tenant_id = $1 AND s.schedule_id = d.schedule_id

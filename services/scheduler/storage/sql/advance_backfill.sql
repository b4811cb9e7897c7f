UPDATE schedule.backfills
SET done_until = $3, run_instants = run_instants + $4::integer, earlier_instants = earlier_instants + $5::integer,
    state = CASE WHEN $6 THEN 'completed' ELSE 'running' END, wake_at = CASE WHEN NOT $6 THEN now() + make_interval(secs => $7::double precision) END
WHERE tenant_id = $1 AND backfill_id = $2

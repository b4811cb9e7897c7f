SELECT tenant_id, schedule_id, over_at FROM schedule.find_old_runs($1, now() - make_interval(secs => $2::double precision), $3)

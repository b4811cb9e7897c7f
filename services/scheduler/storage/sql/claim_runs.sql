SELECT tenant_id, schedule_id, nominal_at FROM schedule.claim_runs($1::integer)

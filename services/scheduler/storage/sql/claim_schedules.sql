SELECT tenant_id, schedule_id FROM schedule.claim_schedules($1::integer)

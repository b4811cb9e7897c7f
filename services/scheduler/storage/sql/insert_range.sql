INSERT INTO schedule.schedule_runs (tenant_id, schedule_id, nominal_at, origin, state, reason, last_nominal_at, instants, overlap_policy, due_at)
VALUES ($1, $2, $3, 'schedule', 'skipped', $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING

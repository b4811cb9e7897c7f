DELETE FROM schedule.schedule_runs WHERE tenant_id = $1 AND schedule_id = $2 AND nominal_at = ANY ($3::timestamptz[]) AND instants > 1
RETURNING nominal_at, last_nominal_at, instants, reason, overlap_policy, due_at

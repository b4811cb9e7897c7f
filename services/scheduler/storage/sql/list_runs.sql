SELECT schedule_id, nominal_at, origin, state, coalesce(reason, ''), coalesce(note, ''), last_nominal_at, instants, due_at, started_at, ended_at, execution_id
FROM schedule.schedule_runs
WHERE tenant_id = $1 AND schedule_id = $2 AND ($3::text IS NULL OR state = $3) AND ($4::timestamptz IS NULL OR nominal_at < $4)
ORDER BY nominal_at DESC LIMIT $5

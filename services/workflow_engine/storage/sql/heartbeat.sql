-- Also forgets members that are long gone.
WITH gone AS (DELETE FROM workflow.engine_members WHERE expires_at < now() - interval '1 hour')
INSERT INTO workflow.engine_members (boot_id, address, heartbeat_due_at, expires_at)
VALUES ($1, $2, now() + make_interval(secs => $3), now() + make_interval(secs => $4))
ON CONFLICT (boot_id) DO UPDATE SET heartbeat_due_at = excluded.heartbeat_due_at, expires_at = excluded.expires_at

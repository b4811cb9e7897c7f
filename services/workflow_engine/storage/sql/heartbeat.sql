-- Also forgets members that are long gone.
WITH gone AS (DELETE FROM workflow.engine_members WHERE expires_at < now() - interval '1 hour')
INSERT INTO workflow.engine_members (boot_id, address, expires_at) VALUES ($1, $2, now() + make_interval(secs => $3))
ON CONFLICT (boot_id) DO UPDATE SET expires_at = excluded.expires_at
RETURNING clock_timestamp()

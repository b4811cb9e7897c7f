-- The one that runs, for the one who has it or finds it left. The database's clock counts: it is the same for all.
UPDATE connector.key_rotations SET lease_owner = $1, lease_until = clock_timestamp() + $2::double precision * interval '1 second'
WHERE rotation_id = (SELECT rotation_id FROM connector.key_rotations
                     WHERE state = 'running' AND (lease_owner = $1 OR lease_until IS NULL OR lease_until < clock_timestamp())
                     FOR UPDATE SKIP LOCKED)
RETURNING rotation_id, level, of_tenant, destroy_previous, state, at_tenant, at_version, rows_done, rows_total, rows_damaged, rows_left, error, started_by, created_at, updated_at, ended_at

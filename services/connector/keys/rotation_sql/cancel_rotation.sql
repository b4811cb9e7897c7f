UPDATE connector.key_rotations SET state = 'cancelled', error = $2, ended_at = now(), lease_owner = NULL, lease_until = NULL
WHERE rotation_id = $1 AND state = 'running' RETURNING rotation_id, level, of_tenant, destroy_previous, state, at_tenant, at_version, rows_done, rows_total, rows_damaged, rows_left, error, started_by, created_at, updated_at, ended_at

-- Newest first: the ids are made in order of time.
SELECT rotation_id, level, of_tenant, destroy_previous, state, at_tenant, at_version, rows_done, rows_total, rows_damaged, rows_left, error, started_by, created_at, updated_at, ended_at FROM connector.key_rotations WHERE $1::uuid IS NULL OR rotation_id < $1 ORDER BY rotation_id DESC LIMIT $2

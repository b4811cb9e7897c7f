INSERT INTO connector.key_rotations (rotation_id, level, of_tenant, state, rows_done, rows_total, rows_left, started_by, ended_at)
VALUES ($1, 'destroy', $2, 'succeeded', $3, $3, 0, $4, now()) RETURNING rotation_id, level, of_tenant, destroy_previous, state, at_tenant, at_version, rows_done, rows_total, rows_damaged, rows_left, error, started_by, created_at, updated_at, ended_at

UPDATE connector.key_rotations SET at_tenant = $2, at_version = $3, rows_done = rows_done + $4, rows_damaged = rows_damaged + $5
WHERE rotation_id = $1

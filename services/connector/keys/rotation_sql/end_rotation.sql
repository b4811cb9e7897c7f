UPDATE connector.key_rotations SET state = $2, rows_left = $3, error = $4, ended_at = now(), lease_owner = NULL, lease_until = NULL
WHERE rotation_id = $1

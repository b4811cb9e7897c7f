-- Another pass, for what was written under the old key meanwhile.
UPDATE connector.key_rotations SET at_tenant = '00000000-0000-0000-0000-000000000000', at_version = 0, rows_damaged = 0 WHERE rotation_id = $1

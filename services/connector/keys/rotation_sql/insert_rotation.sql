INSERT INTO connector.key_rotations (rotation_id, level, of_tenant, destroy_previous, started_by, rows_total)
VALUES ($1, $2, $3, $4, $5, CASE $2
  WHEN 'root' THEN (SELECT count(*) FROM connector.tenant_keys WHERE state <> 'destroyed' AND ($3::uuid IS NULL OR tenant_id = $3))
  ELSE (SELECT count(*) FROM connector.sealed_values v JOIN connector.tenant_keys k USING (tenant_id, key_version)
        WHERE k.state <> 'destroyed' AND ($3::uuid IS NULL OR v.tenant_id = $3)) END)
RETURNING rotation_id, level, of_tenant, destroy_previous, state, at_tenant, at_version, rows_done, rows_total, rows_damaged, rows_left, error, started_by, created_at, updated_at, ended_at

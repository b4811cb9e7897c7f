SELECT count(*) FROM (
  SELECT FROM schedule.schedule_runs WHERE tenant_id = $1 AND schedule_id = $2 AND ($3::text IS NULL OR state = $3) LIMIT $4) AS counted

SELECT count(*) FROM (
  SELECT FROM schedule.scheduled_events s
  WHERE s.tenant_id = $1 AND ($2::uuid IS NULL OR s.workflow_id = $2) AND ($3::text IS NULL OR s.status = $3) AND ($4::uuid IS NULL OR s.project_id = $4)
  LIMIT $5) AS counted

UPDATE schedule.schedule_runs
SET cancel_requested = true, terminate_requested = terminate_requested OR $3, wake_at = CASE WHEN state = 'running' THEN now() ELSE wake_at END
WHERE tenant_id = $1 AND schedule_id = ANY ($2::uuid[]) AND state IN ('pending', 'running')
  AND (NOT cancel_requested OR ($3 AND NOT terminate_requested))

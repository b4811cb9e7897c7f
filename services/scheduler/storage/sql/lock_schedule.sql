SELECT s.tenant_id, s.schedule_id, s.workflow_id, s.project_id, coalesce(s.node_id, ''), s.name, s.spec::text, s.overlap_policy, s.catch_up, s.catch_up_seconds,
  s.pause_on_failure, s.remaining_runs, s.data::text, s.metadata::text, s.status, coalesce(s.paused_by, ''), s.note, s.decided_until, s.skip_until,
  coalesce(s.skip_reason, ''), s.next_nominal, s.nextrun, s.lastrun, s.revision, s.created_at, s.updated_at, s.forgotten_until
FROM schedule.scheduled_events s WHERE s.tenant_id = $1 AND s.schedule_id = $2 FOR UPDATE

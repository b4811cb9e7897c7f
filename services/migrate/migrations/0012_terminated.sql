-- An execution can be ended at once, without undoing anything: TERMINATED. A state of its own, because CANCELLED says that what completed was undone.
-- NOT VALID: what is there keeps a narrower rule already, and tables that may be large are not read for it.
ALTER TABLE workflow.workflow_executions
  DROP CONSTRAINT workflow_executions_state_known,
  ADD CONSTRAINT workflow_executions_state_known
    CHECK (state IN ('CREATED', 'RUNNING', 'PAUSED', 'COMPLETED', 'FAILED', 'CANCELLED', 'TIMED_OUT', 'TERMINATED')) NOT VALID,
  DROP CONSTRAINT workflow_executions_end_when_over,
  ADD CONSTRAINT workflow_executions_end_when_over CHECK
    ((completed_at IS NOT NULL) = (state IN ('COMPLETED', 'FAILED', 'CANCELLED', 'TIMED_OUT', 'TERMINATED'))) NOT VALID;

ALTER TABLE schedule.schedule_runs
  DROP CONSTRAINT schedule_runs_state_known,
  ADD CONSTRAINT schedule_runs_state_known
    CHECK (state IN ('pending', 'buffered', 'running', 'completed', 'failed', 'cancelled', 'timed_out', 'skipped', 'terminated')) NOT VALID,
  -- That the engine is to terminate it and not only to cancel it.
  ADD COLUMN terminate_requested boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT schedule_runs_terminate_is_cancel CHECK (cancel_requested OR NOT terminate_requested) NOT VALID;
CREATE OR REPLACE TRIGGER ended_is_final BEFORE UPDATE ON schedule.schedule_runs FOR EACH ROW
  WHEN (OLD.state IN ('completed', 'failed', 'cancelled', 'timed_out', 'terminated')) EXECUTE FUNCTION schedule.refuse_change_of_ended();

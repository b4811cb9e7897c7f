-- When workflows are started by time, and what became of each instant.
CREATE SCHEMA schedule;
GRANT USAGE ON SCHEMA schedule TO penstock_admin, penstock_server;

CREATE TABLE schedule.scheduled_events (
  tenant_id uuid NOT NULL REFERENCES tenancy.tenants ON DELETE CASCADE,
  schedule_id uuid NOT NULL,
  workflow_id uuid NOT NULL,
  -- Of the workflow.
  project_id uuid NOT NULL,
  -- The trigger node that declares it; NULL = a caller made it.
  node_id text CONSTRAINT scheduled_events_node_id_length CHECK (char_length(node_id) BETWEEN 1 AND 64),
  name text NOT NULL DEFAULT '' CONSTRAINT scheduled_events_name_length CHECK (char_length(name) <= 100),
  -- When it is due, as its owner wrote it (libs/recurrence/spec_json.h).
  spec jsonb NOT NULL CONSTRAINT scheduled_events_spec_object CHECK (jsonb_typeof(spec) = 'object'),
  overlap_policy text NOT NULL DEFAULT 'skip' CONSTRAINT scheduled_events_overlap_known
    CHECK (overlap_policy IN ('skip', 'buffer_one', 'buffer_all', 'cancel_other', 'terminate_other', 'allow_all')),
  catch_up text NOT NULL DEFAULT 'last' CONSTRAINT scheduled_events_catch_up_known CHECK (catch_up IN ('none', 'last', 'all', 'window')),
  catch_up_seconds bigint CONSTRAINT scheduled_events_catch_up_positive CHECK (catch_up_seconds > 0),
  pause_on_failure boolean NOT NULL DEFAULT false,
  -- NULL = no limit.
  remaining_runs integer CONSTRAINT scheduled_events_remaining_not_negative CHECK (remaining_runs >= 0),
  -- Goes along with each start.
  data json NOT NULL DEFAULT 'null',
  metadata jsonb NOT NULL DEFAULT '{}' CONSTRAINT scheduled_events_metadata_object CHECK (jsonb_typeof(metadata) = 'object'),
  status text NOT NULL DEFAULT 'active' CONSTRAINT scheduled_events_status_known CHECK (status IN ('active', 'paused', 'completed')),
  paused_by text CONSTRAINT scheduled_events_paused_by_known CHECK (paused_by IN ('caller', 'workflow', 'failure', 'spec')),
  note text NOT NULL DEFAULT '' CONSTRAINT scheduled_events_note_length CHECK (char_length(note) <= 1000),
  -- Every instant up to here has its row in schedule_runs.
  decided_until timestamptz NOT NULL,
  -- Instants up to here are skipped for this reason, because the schedule was paused when they came.
  skip_until timestamptz,
  skip_reason text,
  -- The first instant after decided_until; NULL = the scheduler has still to find it.
  next_nominal timestamptz,
  -- When the scheduler looks at it: at next_nominal and its jitter.
  nextrun timestamptz,
  -- When it last started something.
  lastrun timestamptz,
  request_id text CONSTRAINT scheduled_events_request_id_length CHECK (char_length(request_id) BETWEEN 1 AND 255),
  request_hash bytea,
  -- Raised by every change that a caller makes; the etag.
  revision bigint NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, schedule_id),
  FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflow.workflows ON DELETE CASCADE,
  CONSTRAINT scheduled_events_skipped_for_a_reason CHECK ((skip_until IS NOT NULL) = (skip_reason IS NOT NULL)),
  CONSTRAINT scheduled_events_window_has_seconds CHECK ((catch_up = 'window') = (catch_up_seconds IS NOT NULL)),
  CONSTRAINT scheduled_events_paused_by_somebody CHECK ((status = 'paused') = (paused_by IS NOT NULL)),
  -- So that no active schedule is forgotten, and no other one looked at.
  CONSTRAINT scheduled_events_active_is_looked_at CHECK ((status = 'active') = (nextrun IS NOT NULL))
);
CREATE UNIQUE INDEX scheduled_events_node_unique ON schedule.scheduled_events (tenant_id, workflow_id, node_id) WHERE node_id IS NOT NULL;
CREATE UNIQUE INDEX scheduled_events_request_id_unique ON schedule.scheduled_events (tenant_id, request_id) WHERE request_id IS NOT NULL;
CREATE INDEX scheduled_events_by_workflow ON schedule.scheduled_events (tenant_id, workflow_id, schedule_id DESC);
-- Of all tenants: what is due next.
CREATE INDEX scheduled_events_due ON schedule.scheduled_events (nextrun) WHERE nextrun IS NOT NULL;
CALL auth.isolate('schedule.scheduled_events');

CREATE TABLE schedule.backfills (
  tenant_id uuid NOT NULL,
  backfill_id uuid NOT NULL,
  schedule_id uuid NOT NULL,
  -- Both included.
  start_at timestamptz NOT NULL,
  end_at timestamptz NOT NULL,
  overlap_policy text NOT NULL CONSTRAINT backfills_overlap_known
    CHECK (overlap_policy IN ('skip', 'buffer_one', 'buffer_all', 'cancel_other', 'terminate_other', 'allow_all')),
  state text NOT NULL DEFAULT 'running' CONSTRAINT backfills_state_known CHECK (state IN ('running', 'completed')),
  -- Every instant of the range up to here is dealt with.
  done_until timestamptz NOT NULL,
  total_instants integer NOT NULL,
  -- Instants that became runs, and those that had run already.
  run_instants integer NOT NULL DEFAULT 0,
  earlier_instants integer NOT NULL DEFAULT 0,
  wake_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, backfill_id),
  FOREIGN KEY (tenant_id, schedule_id) REFERENCES schedule.scheduled_events ON DELETE CASCADE,
  CONSTRAINT backfills_range CHECK (start_at <= end_at),
  CONSTRAINT backfills_running_wakes CHECK ((state = 'running') = (wake_at IS NOT NULL))
);
CREATE INDEX backfills_by_schedule ON schedule.backfills (tenant_id, schedule_id, backfill_id DESC);
CREATE INDEX backfills_due ON schedule.backfills (wake_at) WHERE wake_at IS NOT NULL;
CALL auth.isolate('schedule.backfills');
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON schedule.backfills FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- What became of an instant. The key is the promise: one instant, one row, one start.
CREATE TABLE schedule.schedule_runs (
  tenant_id uuid NOT NULL,
  schedule_id uuid NOT NULL,
  nominal_at timestamptz NOT NULL,
  origin text NOT NULL CONSTRAINT schedule_runs_origin_known CHECK (origin IN ('schedule', 'backfill', 'run_now')),
  -- pending: decided to start; buffered: waits for an earlier run to end; running: the engine has it; then how it ended, or that it did not run.
  state text NOT NULL CONSTRAINT schedule_runs_state_known
    CHECK (state IN ('pending', 'buffered', 'running', 'completed', 'failed', 'cancelled', 'timed_out', 'skipped')),
  -- Why it did not run, or how it failed.
  reason text,
  note text,
  -- Many instants that were skipped in a row may be one row: the last of them and how many they are (10,001 = more than 10,000).
  last_nominal_at timestamptz NOT NULL,
  instants integer NOT NULL DEFAULT 1 CONSTRAINT schedule_runs_instants_positive CHECK (instants > 0),
  overlap_policy text NOT NULL,
  due_at timestamptz NOT NULL,
  decided_at timestamptz NOT NULL DEFAULT now(),
  -- What the workflow gets; kept until it has started, so that every attempt asks for the same.
  input json,
  execution_id uuid,
  started_at timestamptz,
  ended_at timestamptz,
  -- When the engine was last asked about it.
  checked_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  cancel_requested boolean NOT NULL DEFAULT false,
  -- When a scheduler must look at it: its lease while one does, then the next attempt or question.
  wake_at timestamptz,
  PRIMARY KEY (tenant_id, schedule_id, nominal_at),
  FOREIGN KEY (tenant_id, schedule_id) REFERENCES schedule.scheduled_events ON DELETE CASCADE,
  CONSTRAINT schedule_runs_skipped_for_a_reason CHECK (state <> 'skipped' OR reason IS NOT NULL),
  CONSTRAINT schedule_runs_started_has_execution CHECK (state IN ('pending', 'buffered', 'skipped', 'failed') OR execution_id IS NOT NULL),
  CONSTRAINT schedule_runs_range_is_skipped CHECK (instants = 1 OR state = 'skipped'),
  -- So that no open run is forgotten.
  CONSTRAINT schedule_runs_open_wakes CHECK ((state IN ('pending', 'running')) = (wake_at IS NOT NULL))
);
CREATE INDEX schedule_runs_open ON schedule.schedule_runs (tenant_id, schedule_id, nominal_at) WHERE state IN ('pending', 'buffered', 'running');
CREATE INDEX schedule_runs_due ON schedule.schedule_runs (wake_at) WHERE wake_at IS NOT NULL;
CALL auth.isolate('schedule.schedule_runs');

-- How an instant ended does not change. What was skipped may be run by a backfill.
CREATE FUNCTION schedule.refuse_change_of_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the run of % has ended as %', OLD.nominal_at, OLD.state USING ERRCODE = 'PS002';
END $$;
CREATE TRIGGER ended_is_final BEFORE UPDATE ON schedule.schedule_runs FOR EACH ROW
  WHEN (OLD.state IN ('completed', 'failed', 'cancelled', 'timed_out')) EXECUTE FUNCTION schedule.refuse_change_of_ended();

GRANT SELECT, INSERT, UPDATE, DELETE ON schedule.scheduled_events, schedule.backfills, schedule.schedule_runs TO penstock_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA schedule TO penstock_admin;

-- ---- Whose turn it is, across tenants. These functions see the rows of all tenants, and tell the ids of those that are due and nothing else: what a
-- schedule says is read and written as penstock_server, in the name of its tenant. They lock what they tell until the transaction ends, so that
-- two schedulers never hold the same row. Their owner may lock and not write: nothing passes the check of its policy.
CREATE POLICY look ON schedule.scheduled_events FOR SELECT TO penstock_owner USING (true);
CREATE POLICY lock ON schedule.scheduled_events FOR UPDATE TO penstock_owner USING (true) WITH CHECK (false);
CREATE POLICY look ON schedule.schedule_runs FOR SELECT TO penstock_owner USING (true);
CREATE POLICY lock ON schedule.schedule_runs FOR UPDATE TO penstock_owner USING (true) WITH CHECK (false);
CREATE POLICY look ON schedule.backfills FOR SELECT TO penstock_owner USING (true);
CREATE POLICY lock ON schedule.backfills FOR UPDATE TO penstock_owner USING (true) WITH CHECK (false);

CREATE FUNCTION schedule.claim_schedules(how_many integer) RETURNS TABLE (tenant_id uuid, schedule_id uuid)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT s.tenant_id, s.schedule_id FROM schedule.scheduled_events s
        WHERE s.nextrun <= now() ORDER BY s.nextrun LIMIT how_many FOR UPDATE SKIP LOCKED $$;
CREATE FUNCTION schedule.claim_runs(how_many integer) RETURNS TABLE (tenant_id uuid, schedule_id uuid, nominal_at timestamptz)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT r.tenant_id, r.schedule_id, r.nominal_at FROM schedule.schedule_runs r
        WHERE r.wake_at <= now() ORDER BY r.wake_at LIMIT how_many FOR UPDATE SKIP LOCKED $$;
CREATE FUNCTION schedule.claim_backfills(how_many integer) RETURNS TABLE (tenant_id uuid, backfill_id uuid, schedule_id uuid)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT b.tenant_id, b.backfill_id, b.schedule_id FROM schedule.backfills b
        WHERE b.wake_at <= now() ORDER BY b.wake_at LIMIT how_many FOR UPDATE SKIP LOCKED $$;
-- The database's time, and when something is due next.
CREATE FUNCTION schedule.next_due() RETURNS TABLE (now timestamptz, due_at timestamptz)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT clock_timestamp(), least((SELECT min(s.nextrun) FROM schedule.scheduled_events s WHERE s.nextrun IS NOT NULL),
                                        (SELECT min(r.wake_at) FROM schedule.schedule_runs r WHERE r.wake_at IS NOT NULL),
                                        (SELECT min(b.wake_at) FROM schedule.backfills b WHERE b.wake_at IS NOT NULL)) $$;
REVOKE ALL ON FUNCTION schedule.claim_schedules(integer), schedule.claim_runs(integer), schedule.claim_backfills(integer), schedule.next_due()
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION schedule.claim_schedules(integer), schedule.claim_runs(integer), schedule.claim_backfills(integer), schedule.next_due()
  TO penstock_server;

-- Records what is due and undecided while a schedule's rules are replaced: by the new rules it can't be found any more.
CREATE FUNCTION schedule.note_replaced(tenant uuid, schedules uuid[]) RETURNS void LANGUAGE sql
  AS $$ INSERT INTO schedule.schedule_runs (tenant_id, schedule_id, nominal_at, origin, state, reason, last_nominal_at, overlap_policy, due_at)
        SELECT s.tenant_id, s.schedule_id, s.next_nominal, 'schedule', 'skipped', 'REPLACED', greatest(s.next_nominal, now()), s.overlap_policy, s.nextrun
        FROM schedule.scheduled_events s
        WHERE s.tenant_id = tenant AND s.schedule_id = ANY (schedules) AND s.nextrun <= now() AND s.next_nominal <= now()
        ON CONFLICT DO NOTHING $$;
REVOKE ALL ON FUNCTION schedule.note_replaced(uuid, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION schedule.note_replaced(uuid, uuid[]) TO penstock_server;

-- ---- What other services ask, as penstock_server and in the name of the tenant.

-- The project of a workflow that the caller can see.
CREATE FUNCTION schedule.project_of(tenant uuid, workflow uuid) RETURNS SETOF uuid LANGUAGE sql STABLE
  AS $$ SELECT w.project_id FROM workflow.workflows w WHERE w.tenant_id = tenant AND w.workflow_id = workflow $$;
REVOKE ALL ON FUNCTION schedule.project_of(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION schedule.project_of(uuid, uuid) TO penstock_server;

-- Makes the schedules of a workflow's trigger nodes what its published version says, in the transaction that publishes it: `declared` is
-- [{"node_id", "spec", "overlap_policy", "catch_up", "catch_up_seconds", "pause_on_failure", "limited_runs", "data"}], empty when the workflow does not
-- run any more, whose schedules then pause. The scheduler finds out by itself when each is due. One that a caller or a failure has paused stays paused; what a
-- version does not declare any more is completed, its runs stay to be read.
CREATE FUNCTION schedule.declare_triggers(tenant uuid, workflow uuid, is_active boolean, declared jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM schedule.scheduled_events s WHERE s.tenant_id = tenant AND s.workflow_id = workflow AND s.node_id IS NOT NULL FOR UPDATE;
  PERFORM schedule.note_replaced(tenant, array_agg(s.schedule_id))
  FROM schedule.scheduled_events s LEFT JOIN jsonb_array_elements(declared) d ON d ->> 'node_id' = s.node_id
  WHERE is_active AND s.tenant_id = tenant AND s.workflow_id = workflow AND s.node_id IS NOT NULL AND d -> 'spec' IS DISTINCT FROM s.spec;
  UPDATE schedule.scheduled_events s
  SET status = CASE WHEN is_active THEN 'completed' ELSE 'paused' END,
      paused_by = CASE WHEN is_active THEN NULL ELSE 'workflow' END,
      note = CASE WHEN is_active THEN 'the published version has no such trigger' ELSE 'the workflow is not active' END,
      nextrun = NULL, next_nominal = NULL, revision = s.revision + 1, updated_at = now()
  WHERE s.tenant_id = tenant AND s.workflow_id = workflow AND s.node_id IS NOT NULL
    AND (s.status = 'active' OR (is_active AND s.status = 'paused'))
    AND NOT EXISTS (SELECT FROM jsonb_array_elements(declared) d WHERE d ->> 'node_id' = s.node_id);
  INSERT INTO schedule.scheduled_events AS s
    (tenant_id, schedule_id, workflow_id, project_id, node_id, name, spec, overlap_policy, catch_up, catch_up_seconds, pause_on_failure,
     remaining_runs, data, decided_until, nextrun)
  SELECT tenant, gen_random_uuid(), workflow, w.project_id, d.node_id, left(w.name || '/' || d.node_id, 100), d.spec,
         coalesce(d.overlap_policy, 'skip'), coalesce(d.catch_up, 'last'), d.catch_up_seconds, coalesce(d.pause_on_failure, false),
         d.limited_runs, coalesce(d.data, 'null'), now(), now()
  FROM jsonb_to_recordset(declared) AS d (node_id text, spec jsonb, overlap_policy text, catch_up text, catch_up_seconds bigint,
                                          pause_on_failure boolean, limited_runs integer, data json)
  JOIN workflow.workflows w ON w.tenant_id = tenant AND w.workflow_id = workflow
  ON CONFLICT (tenant_id, workflow_id, node_id) WHERE node_id IS NOT NULL DO UPDATE
  SET spec = excluded.spec, overlap_policy = excluded.overlap_policy, catch_up = excluded.catch_up, catch_up_seconds = excluded.catch_up_seconds,
      pause_on_failure = excluded.pause_on_failure, data = excluded.data, name = excluded.name,
      -- Counts anew only when the version says something else.
      remaining_runs = CASE WHEN s.spec = excluded.spec AND s.status <> 'completed' THEN least(s.remaining_runs, excluded.remaining_runs)
                            ELSE excluded.remaining_runs END,
      status = CASE WHEN s.status = 'paused' AND s.paused_by IN ('caller', 'failure') THEN 'paused' ELSE 'active' END,
      paused_by = CASE WHEN s.paused_by IN ('caller', 'failure') THEN s.paused_by END,
      note = CASE WHEN s.paused_by IN ('caller', 'failure') THEN s.note ELSE '' END,
      -- New rules hold from now on. What the same rules brought while the workflow was not active is recorded as skipped.
      decided_until = CASE WHEN s.spec = excluded.spec AND s.status <> 'completed' THEN s.decided_until ELSE greatest(s.decided_until, now()) END,
      skip_until = CASE WHEN s.paused_by IN ('workflow', 'spec') THEN now() ELSE s.skip_until END,
      skip_reason = CASE WHEN s.paused_by IN ('workflow', 'spec') THEN 'WORKFLOW_NOT_ACTIVE' ELSE s.skip_reason END,
      next_nominal = NULL,
      nextrun = CASE WHEN s.status = 'paused' AND s.paused_by IN ('caller', 'failure') THEN NULL ELSE now() END,
      revision = s.revision + 1, updated_at = now();
END $$;
REVOKE ALL ON FUNCTION schedule.declare_triggers(uuid, uuid, boolean, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION schedule.declare_triggers(uuid, uuid, boolean, jsonb) TO penstock_server;

-- What the engine writes, many executions to a transaction. These tables have no foreign keys and as few indexes as their look-ups
-- allow: the engine proves by construction what a key would check (see docs/adr/0002-batched-execution-tables.md). shard_id, the last
-- byte of the execution's id, leads their keys.
--
-- History (workflow_executions, node_executions, event_store, webhooks, payloads) is partitioned by id: ids are UUIDv7, so a range of ids is
-- a range of time, and retention drops partitions. Payloads are `json`: kept as the text that came, checked, not taken apart.

-- An engine process. Liveness lives here, once per engine; a shard is owned while its owner is alive.
CREATE TABLE workflow.engine_members (
  boot_id uuid PRIMARY KEY,
  address text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  -- Past this the engine is late, and asked for: while its session holds its lock it lives.
  heartbeat_due_at timestamptz NOT NULL,
  -- Past this it counts as gone, whatever it holds.
  expires_at timestamptz NOT NULL
);

-- Every engine holds a lock named after its boot id for as long as its process and its connection live, so that the dead are told from the
-- slow within moments. Only the late are asked: behind a pooler that hands sessions around, and while everybody connects again after a
-- restart of the database, the lock says nothing.
CREATE FUNCTION workflow.announce_presence(boot_id uuid) RETURNS void LANGUAGE sql
  AS $$ SELECT pg_advisory_lock_shared(hashtextextended(boot_id::text, 7304)) $$;
CREATE FUNCTION workflow.is_alive(member workflow.engine_members) RETURNS boolean LANGUAGE sql
  AS $$ SELECT member.expires_at > now() AND
               (member.heartbeat_due_at > now() OR NOT pg_try_advisory_xact_lock(hashtextextended(member.boot_id::text, 7304))) $$;

CREATE TABLE workflow.shard_leases (
  shard_id smallint PRIMARY KEY CONSTRAINT shard_leases_range CHECK (shard_id BETWEEN 0 AND 255),
  -- NULL = free to take.
  owner uuid,
  -- Raised whenever the owner changes; a commit under an older epoch is refused.
  epoch bigint NOT NULL DEFAULT 0
);
INSERT INTO workflow.shard_leases (shard_id) SELECT generate_series(0, 255);

-- The first statement of every batch. Holds the owner's advisory lock in shared mode until the end of the transaction, then looks:
-- a take-over takes the same lock exclusively before it changes the rows, so it waits for commits under way, and later ones see it.
-- (plpgsql, here and below: a session keeps its plans, while a function in SQL is planned at every call.)
CREATE FUNCTION workflow.lock_owner(boot_id uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended(boot_id::text, 7305));
END $$;

CREATE FUNCTION workflow.prove_ownership(boot_id uuid, shards smallint[], epochs bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM unnest(shards, epochs) AS claimed (shard_id, epoch)
             LEFT JOIN workflow.shard_leases l ON l.shard_id = claimed.shard_id AND l.owner = boot_id AND l.epoch = claimed.epoch
             WHERE l.shard_id IS NULL) THEN
    RAISE EXCEPTION 'shard ownership lost' USING ERRCODE = 'PS001';
  END IF;
END $$;

-- Gives `taker` those of `shards` that nobody alive owns, and says under which epoch. Waits for commits that a dead owner still has under way.
CREATE FUNCTION workflow.take_shards(taker uuid, shards smallint[]) RETURNS TABLE (shard_id smallint, epoch bigint) LANGUAGE plpgsql AS $$
DECLARE
  alive uuid[] := ARRAY(SELECT m.boot_id FROM workflow.engine_members m WHERE workflow.is_alive(m));
  former uuid;
BEGIN
  FOR former IN
    SELECT DISTINCT l.owner FROM workflow.shard_leases l
    WHERE l.shard_id = ANY (shards) AND l.owner <> ALL (alive) ORDER BY 1
  LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended(former::text, 7305));
  END LOOP;
  RETURN QUERY
    UPDATE workflow.shard_leases l SET owner = taker, epoch = l.epoch + 1
    WHERE l.shard_id = ANY (shards) AND (l.owner IS NULL OR l.owner <> ALL (alive))
    RETURNING l.shard_id, l.epoch;
END $$;

CREATE TABLE workflow.workflow_executions (
  shard_id smallint NOT NULL,
  execution_id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  workflow_id uuid NOT NULL,
  version integer NOT NULL,
  state text NOT NULL CONSTRAINT workflow_executions_state_known
    CHECK (state IN ('CREATED', 'RUNNING', 'PAUSED', 'COMPLETED', 'FAILED', 'CANCELLED', 'TIMED_OUT')),
  -- What it ends as once its compensations are done; NULL until they run, and after.
  ending text CONSTRAINT workflow_executions_ending_known CHECK (ending IN ('FAILED', 'CANCELLED', 'TIMED_OUT')),
  trigger_type text NOT NULL,
  trigger_node text NOT NULL,
  -- The output of the trigger node: {type, data, receivedAt, ...}.
  input json NOT NULL,
  result json,
  error json,
  idempotency_key text,
  webhook_id uuid,
  metadata json,
  started_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  completed_at timestamptz,
  PRIMARY KEY (shard_id, execution_id),
  CONSTRAINT workflow_executions_end_when_over CHECK
    ((completed_at IS NOT NULL) = (state IN ('COMPLETED', 'FAILED', 'CANCELLED', 'TIMED_OUT'))),
  CONSTRAINT workflow_executions_ending_is_open CHECK (ending IS NULL OR completed_at IS NULL)
) PARTITION BY RANGE (execution_id);
CREATE INDEX workflow_executions_by_state ON workflow.workflow_executions (tenant_id, state, execution_id);
CREATE INDEX workflow_executions_by_workflow ON workflow.workflow_executions (tenant_id, workflow_id, execution_id);

-- A terminal state never changes, whoever asks.
CREATE FUNCTION workflow.refuse_change_of_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'execution % has ended as %', OLD.execution_id, OLD.state USING ERRCODE = 'PS002';
END $$;
CREATE TRIGGER ended_is_final BEFORE UPDATE ON workflow.workflow_executions FOR EACH ROW
  WHEN (OLD.completed_at IS NOT NULL) EXECUTE FUNCTION workflow.refuse_change_of_ended();

-- One row per attempt with an outcome. The key makes a second outcome of one attempt impossible.
CREATE TABLE workflow.node_executions (
  shard_id smallint NOT NULL,
  execution_id uuid NOT NULL,
  -- Position in the execution's record, from 1 without gaps.
  sequence integer NOT NULL CONSTRAINT node_executions_sequence_positive CHECK (sequence > 0),
  tenant_id uuid NOT NULL,
  node_id text NOT NULL,
  node_type text NOT NULL,
  visit integer NOT NULL DEFAULT 1,
  attempt integer NOT NULL DEFAULT 1,
  state text NOT NULL CONSTRAINT node_executions_state_known CHECK (state IN ('COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED')),
  branch text,
  -- Positions among the outgoing edges that were taken; NULL unless an edge has a condition.
  taken_edges integer[],
  input json,
  output json,
  error json,
  -- How a response node's answer was sent, {status, contentType, headers}; NULL = as 200 with the content type of its output.
  answer_head json,
  started_at timestamptz NOT NULL,
  completed_at timestamptz NOT NULL,
  PRIMARY KEY (shard_id, execution_id, sequence)
) PARTITION BY RANGE (execution_id);
CREATE TRIGGER immutable BEFORE UPDATE ON workflow.node_executions FOR EACH ROW EXECUTE FUNCTION auth.refuse_change();

-- Nodes without an outcome yet. Each is held by exactly one thing: the owner's lease (it runs now, and recovery runs it again), a timer, a
-- token somebody will bring, a signal somebody will send (or the timer that bounds the wait for it), or a place in a queue. Finished work
-- leaves this table.
CREATE TABLE workflow.open_nodes (
  shard_id smallint NOT NULL,
  execution_id uuid NOT NULL,
  node_id text NOT NULL,
  visit integer NOT NULL,
  tenant_id uuid NOT NULL,
  attempt integer NOT NULL,
  state text NOT NULL CONSTRAINT open_nodes_state_known CHECK (state IN ('PENDING', 'RUNNING', 'WAITING')),
  held_by text NOT NULL CONSTRAINT open_nodes_held_by_one CHECK (held_by IN ('lease', 'timer', 'token', 'queue', 'signal')),
  -- When its wait ends; in a queue, when the wait ended behind which it has its place, NULL before an attempt.
  wake_at timestamptz CONSTRAINT open_nodes_timer_has_time
    CHECK (CASE held_by WHEN 'timer' THEN wake_at IS NOT NULL WHEN 'queue' THEN true WHEN 'signal' THEN true ELSE wake_at IS NULL END),
  token uuid CONSTRAINT open_nodes_token_has_value CHECK ((held_by = 'token') = (token IS NOT NULL)),
  -- The error of the attempt before, while the next one is to come.
  last_error json,
  first_started_at timestamptz NOT NULL,
  started_at timestamptz NOT NULL,
  PRIMARY KEY (shard_id, execution_id, node_id, visit)
) WITH (fillfactor = 70);

CREATE INDEX open_nodes_leased ON workflow.open_nodes (shard_id) WHERE held_by = 'lease';

-- Wake-ups to come. A node held by a timer has one here; so has an execution or attempt with a deadline.
CREATE TABLE workflow.timers (
  shard_id smallint NOT NULL,
  fires_at timestamptz NOT NULL,
  execution_id uuid NOT NULL,
  purpose text NOT NULL CONSTRAINT timers_purpose_known CHECK (purpose IN ('node', 'execution_timeout')),
  -- Empty for the execution as a whole.
  node_id text NOT NULL DEFAULT '',
  visit integer NOT NULL DEFAULT 0,
  tenant_id uuid NOT NULL,
  PRIMARY KEY (shard_id, execution_id, purpose, node_id, visit)
);
CREATE INDEX timers_by_time ON workflow.timers (shard_id, fires_at);

-- Executions that are not over, so that recovery reads what is open and not what ever was.
CREATE TABLE workflow.open_executions (
  shard_id smallint NOT NULL,
  execution_id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  PRIMARY KEY (shard_id, execution_id)
);

-- Signals as they came. Which of them were received shows in node_executions: each 'received' of a node that waits for a name took the next.
CREATE TABLE workflow.signals (
  shard_id smallint NOT NULL,
  execution_id uuid NOT NULL,
  -- Of the execution's signals, from 1 without gaps.
  sequence integer NOT NULL CONSTRAINT signals_sequence_positive CHECK (sequence > 0),
  tenant_id uuid NOT NULL,
  name text NOT NULL CONSTRAINT signals_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
  dedupe_id text CONSTRAINT signals_dedupe_id_length CHECK (char_length(dedupe_id) BETWEEN 1 AND 255),
  payload json NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (shard_id, execution_id, sequence)
);
CREATE UNIQUE INDEX signals_dedupe ON workflow.signals (shard_id, execution_id, dedupe_id) WHERE dedupe_id IS NOT NULL;
CREATE TRIGGER immutable BEFORE UPDATE ON workflow.signals FOR EACH ROW EXECUTE FUNCTION auth.refuse_change();

-- Which execution a key started. The shard comes from the key, so one owner decides.
CREATE TABLE workflow.execution_keys (
  shard_id smallint NOT NULL,
  tenant_id uuid NOT NULL,
  idempotency_key text NOT NULL CONSTRAINT execution_keys_length CHECK (char_length(idempotency_key) BETWEEN 1 AND 512),
  execution_id uuid NOT NULL,
  -- Of what was asked for: the same key for something else is an error, not an answer.
  request_hash bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (shard_id, tenant_id, idempotency_key)
);

-- Receipts of inbound deliveries.
CREATE TABLE workflow.webhooks (
  webhook_id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  trigger_type text NOT NULL,
  action_type text NOT NULL,
  -- "<trigger_type>.<action_type>"
  event_type text NOT NULL GENERATED ALWAYS AS (trigger_type || '.' || action_type) STORED,
  payload json NOT NULL,
  headers json,
  query json,
  delivery_id text,
  outcome text NOT NULL CONSTRAINT webhooks_outcome_known CHECK (outcome IN ('accepted', 'unmatched', 'duplicate', 'rejected')),
  execution_ids uuid[] NOT NULL,
  redelivery_of uuid,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, webhook_id)
) PARTITION BY RANGE (webhook_id);
CREATE TRIGGER immutable BEFORE UPDATE ON workflow.webhooks FOR EACH ROW EXECUTE FUNCTION auth.refuse_change();

-- What happened, one gap-free sequence per tenant. Numbers are given under the tenant's advisory lock in the transaction that writes
-- them, so they are never lost and never reused.
CREATE TABLE workflow.event_store (
  event_id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  sequence_number bigint NOT NULL CONSTRAINT event_store_sequence_positive CHECK (sequence_number > 0),
  event_type text NOT NULL,
  workflow_id uuid,
  -- The execution; the seeds' name for it is job_id.
  job_id uuid,
  status text NOT NULL DEFAULT 'processed',
  payload json NOT NULL,
  "timestamp" timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, sequence_number, event_id)
) PARTITION BY RANGE (event_id);
CREATE INDEX event_store_by_workflow ON workflow.event_store (tenant_id, workflow_id, sequence_number);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON workflow.event_store FOR EACH ROW EXECUTE FUNCTION auth.refuse_change();

CREATE FUNCTION workflow.lock_event_streams(tenants uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(t::text, 7306)) FROM (SELECT DISTINCT unnest(tenants) AS t ORDER BY t) AS sorted;
END $$;

-- Payloads too large for a row of their own (over 64 KiB), once each: columns above then hold {"$payload": "<hex of the hash>"}.
CREATE TABLE workflow.payloads (
  tenant_id uuid NOT NULL,
  -- SHA-256 of the text.
  hash bytea NOT NULL CONSTRAINT payloads_hash_length CHECK (octet_length(hash) = 32),
  content json NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, hash)
);

-- The engine's own policies: it writes batches for many tenants at once. Everything else reads as the server role, one tenant at a time.
CREATE PROCEDURE workflow.open_to_engine(target regclass) LANGUAGE plpgsql AS $$
BEGIN
  CALL auth.isolate(target);
  EXECUTE format('CREATE POLICY engine_all ON %s TO penstock_engine USING (true) WITH CHECK (true)', target);
END $$;
CALL workflow.open_to_engine('workflow.workflow_executions');
CALL workflow.open_to_engine('workflow.node_executions');
CALL workflow.open_to_engine('workflow.open_nodes');
CALL workflow.open_to_engine('workflow.timers');
CALL workflow.open_to_engine('workflow.open_executions');
CALL workflow.open_to_engine('workflow.execution_keys');
CALL workflow.open_to_engine('workflow.webhooks');
CALL workflow.open_to_engine('workflow.event_store');
CALL workflow.open_to_engine('workflow.payloads');
CALL workflow.open_to_engine('workflow.signals');

GRANT SELECT, INSERT, UPDATE, DELETE ON workflow.engine_members, workflow.workflow_executions, workflow.open_nodes, workflow.timers,
  workflow.open_executions, workflow.execution_keys TO penstock_engine;
GRANT SELECT, UPDATE ON workflow.shard_leases TO penstock_engine;
GRANT SELECT, INSERT ON workflow.node_executions, workflow.webhooks, workflow.event_store, workflow.payloads, workflow.signals
  TO penstock_engine;
GRANT SELECT ON workflow.engine_members, workflow.workflow_executions, workflow.node_executions, workflow.open_nodes, workflow.timers,
  workflow.open_executions, workflow.execution_keys, workflow.webhooks, workflow.event_store, workflow.payloads,
  workflow.signals TO penstock_server;

-- Partitions: one a month, made ahead of time by the engine through this function; a default one catches what no month does.
CREATE FUNCTION workflow.uuid_floor(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE
  AS $$ SELECT (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid $$;

CREATE FUNCTION workflow.ensure_partitions(months_ahead integer) RETURNS integer LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  parent text;
  month timestamptz;
  part text;
  made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(7307);
  FOREACH parent IN ARRAY ARRAY['workflow_executions', 'node_executions', 'webhooks', 'event_store'] LOOP
    FOR month IN SELECT generate_series(date_trunc('month', now(), 'UTC'),
                                        date_trunc('month', now(), 'UTC') + make_interval(months => months_ahead), interval '1 month') LOOP
      part := parent || to_char(month AT TIME ZONE 'UTC', '_YYYY_MM');
      IF to_regclass('workflow.' || part) IS NULL THEN
        EXECUTE format('CREATE TABLE workflow.%I PARTITION OF workflow.%I FOR VALUES FROM (%L) TO (%L)', part, parent,
                       workflow.uuid_floor(month), workflow.uuid_floor(month + interval '1 month'));
        -- Nobody but the owner may go past the parent's policies.
        EXECUTE format('ALTER TABLE workflow.%I ENABLE ROW LEVEL SECURITY', part);
        EXECUTE format('ALTER TABLE workflow.%I FORCE ROW LEVEL SECURITY', part);
        made := made + 1;
      END IF;
    END LOOP;
  END LOOP;
  RETURN made;
END $$;
REVOKE ALL ON FUNCTION workflow.ensure_partitions(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION workflow.ensure_partitions(integer) TO penstock_engine;

CREATE TABLE workflow.workflow_executions_default PARTITION OF workflow.workflow_executions DEFAULT;
CREATE TABLE workflow.node_executions_default PARTITION OF workflow.node_executions DEFAULT;
CREATE TABLE workflow.webhooks_default PARTITION OF workflow.webhooks DEFAULT;
CREATE TABLE workflow.event_store_default PARTITION OF workflow.event_store DEFAULT;
ALTER TABLE workflow.workflow_executions_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE workflow.workflow_executions_default FORCE ROW LEVEL SECURITY;
ALTER TABLE workflow.node_executions_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE workflow.node_executions_default FORCE ROW LEVEL SECURITY;
ALTER TABLE workflow.webhooks_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE workflow.webhooks_default FORCE ROW LEVEL SECURITY;
ALTER TABLE workflow.event_store_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE workflow.event_store_default FORCE ROW LEVEL SECURITY;
SELECT workflow.ensure_partitions(2);

-- PostgreSQL database dump

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

-- Name: auth; Type: SCHEMA; Schema: -; Owner: penstock_owner

CREATE SCHEMA auth;

ALTER SCHEMA auth OWNER TO penstock_owner;

-- Name: connector; Type: SCHEMA; Schema: -; Owner: penstock_owner

CREATE SCHEMA connector;

ALTER SCHEMA connector OWNER TO penstock_owner;

-- Name: interface; Type: SCHEMA; Schema: -; Owner: penstock_owner

CREATE SCHEMA interface;

ALTER SCHEMA interface OWNER TO penstock_owner;

-- Name: schedule; Type: SCHEMA; Schema: -; Owner: penstock_owner

CREATE SCHEMA schedule;

ALTER SCHEMA schedule OWNER TO penstock_owner;

-- Name: tenancy; Type: SCHEMA; Schema: -; Owner: penstock_owner

CREATE SCHEMA tenancy;

ALTER SCHEMA tenancy OWNER TO penstock_owner;

-- Name: workflow; Type: SCHEMA; Schema: -; Owner: penstock_owner

CREATE SCHEMA workflow;

ALTER SCHEMA workflow OWNER TO penstock_owner;

-- Name: isolate(regclass); Type: PROCEDURE; Schema: auth; Owner: penstock_owner

CREATE PROCEDURE auth.isolate(IN target regclass)
    LANGUAGE plpgsql
    AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY own_rows_select ON %s FOR SELECT TO penstock_server USING (tenant_id = (SELECT auth.tenant_id()))', target);
  EXECUTE format('CREATE POLICY own_rows_insert ON %s FOR INSERT TO penstock_server WITH CHECK (tenant_id = (SELECT auth.tenant_id()))', target);
  EXECUTE format('CREATE POLICY own_rows_update ON %s FOR UPDATE TO penstock_server USING (tenant_id = (SELECT auth.tenant_id())) WITH CHECK (tenant_id = (SELECT auth.tenant_id()))', target);
  EXECUTE format('CREATE POLICY own_rows_delete ON %s FOR DELETE TO penstock_server USING (tenant_id = (SELECT auth.tenant_id()))', target);
  EXECUTE format('CREATE POLICY lifecycle ON %s TO penstock_admin USING (true) WITH CHECK (true)', target);
END $$;

ALTER PROCEDURE auth.isolate(IN target regclass) OWNER TO penstock_owner;

-- Name: refuse_change(); Type: FUNCTION; Schema: auth; Owner: penstock_owner

CREATE FUNCTION auth.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.tenant_id::text = current_setting('app.purged_tenant', true) AND pg_has_role(current_user, 'penstock_admin', 'MEMBER') THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION '%.% is append-only', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

ALTER FUNCTION auth.refuse_change() OWNER TO penstock_owner;

-- Name: role(); Type: FUNCTION; Schema: auth; Owner: penstock_owner

CREATE FUNCTION auth.role() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.role', true), '') $$;

ALTER FUNCTION auth.role() OWNER TO penstock_owner;

-- Name: tenant_id(); Type: FUNCTION; Schema: auth; Owner: penstock_owner

CREATE FUNCTION auth.tenant_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;

ALTER FUNCTION auth.tenant_id() OWNER TO penstock_owner;

-- Name: touch_updated_at(); Type: FUNCTION; Schema: auth; Owner: penstock_owner

CREATE FUNCTION auth.touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END $$;

ALTER FUNCTION auth.touch_updated_at() OWNER TO penstock_owner;

-- Name: uid(); Type: FUNCTION; Schema: auth; Owner: penstock_owner

CREATE FUNCTION auth.uid() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$;

ALTER FUNCTION auth.uid() OWNER TO penstock_owner;

-- Name: append_credential_audit(text[], uuid[], text[], uuid[], text[], text[], text[], text[], text[], uuid[], uuid[], text[], text[], text[], integer[]); Type: FUNCTION; Schema: connector; Owner: penstock_owner

CREATE FUNCTION connector.append_credential_audit(events text[], use_ids uuid[], owner_kinds text[], owner_ids uuid[], fields text[], value_versions text[], purposes text[], target_hosts text[], execution_ids text[], user_ids uuid[], api_key_ids uuid[], services text[], request_ids text[], results text[], http_statuses integer[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  tenant CONSTANT uuid := auth.tenant_id();
  head connector.credential_audit_heads;
  now_at timestamptz;
  now_micros text;
  -- The head's, then those of the rows: the hash of row i is at i + 1, the one before it at i.
  hashes bytea[];
BEGIN
  IF tenant IS NULL THEN
    RAISE EXCEPTION 'an audit row is of the transaction''s tenant' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT * INTO head FROM connector.credential_audit_heads WHERE tenant_id = tenant FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO connector.credential_audit_heads VALUES (tenant, 0, decode(repeat('00', 32), 'hex')) ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT head FROM connector.credential_audit_heads WHERE tenant_id = tenant FOR UPDATE;
  END IF;
  -- Not the transaction's time: another may have begun later and be in the log already.
  now_at := clock_timestamp();
  now_micros := (extract(epoch FROM now_at) * 1000000)::bigint::text;
  hashes[1] := head.hash;
  FOR i IN 1 .. cardinality(events) LOOP
    hashes[i + 1] := sha256(hashes[i]
      || connector.hashed_field(tenant::text)
      || connector.hashed_field((head.sequence + i)::text)
      || connector.hashed_field(now_micros)
      || connector.hashed_field(events[i])
      || connector.hashed_field(use_ids[i]::text)
      || connector.hashed_field(owner_kinds[i])
      || connector.hashed_field(owner_ids[i]::text)
      || connector.hashed_field(fields[i])
      || connector.hashed_field(value_versions[i])
      || connector.hashed_field(purposes[i])
      || connector.hashed_field(target_hosts[i])
      || connector.hashed_field(execution_ids[i])
      || connector.hashed_field(user_ids[i]::text)
      || connector.hashed_field(api_key_ids[i]::text)
      || connector.hashed_field(services[i])
      || connector.hashed_field(request_ids[i])
      || connector.hashed_field(results[i])
      || connector.hashed_field(http_statuses[i]::text));
  END LOOP;
  INSERT INTO connector.credential_audit (tenant_id, sequence, occurred_at, event, use_id, owner_kind, owner_id, fields, value_versions, purpose,
    target_host, execution_id, actor_user_id, actor_api_key_id, actor_service, request_id, result, http_status, previous_hash, hash)
  SELECT tenant, head.sequence + r.i, now_at, r.event, r.use_id, r.owner_kind, r.owner_id, string_to_array(r.fields, ','),
    string_to_array(r.value_versions, ',')::bigint[], r.purpose, r.target_host, r.execution_id, r.user_id, r.api_key_id, r.service, r.request_id,
    r.result, r.http_status, hashes[r.i], hashes[r.i + 1]
  FROM unnest(events, use_ids, owner_kinds, owner_ids, fields, value_versions, purposes, target_hosts, execution_ids, user_ids, api_key_ids,
    services, request_ids, results, http_statuses)
  WITH ORDINALITY AS r (event, use_id, owner_kind, owner_id, fields, value_versions, purpose, target_host, execution_id, user_id, api_key_id,
    service, request_id, result, http_status, i)
  ORDER BY r.i;
  UPDATE connector.credential_audit_heads h SET sequence = head.sequence + cardinality(hashes) - 1, hash = hashes[cardinality(hashes)]
    WHERE h.tenant_id = tenant;
  RETURN head.sequence + cardinality(hashes) - 1;
END $$;

ALTER FUNCTION connector.append_credential_audit(events text[], use_ids uuid[], owner_kinds text[], owner_ids uuid[], fields text[], value_versions text[], purposes text[], target_hosts text[], execution_ids text[], user_ids uuid[], api_key_ids uuid[], services text[], request_ids text[], results text[], http_statuses integer[]) OWNER TO penstock_owner;

-- Name: consume_attempt(bytea, bytea, text); Type: FUNCTION; Schema: connector; Owner: penstock_owner

CREATE FUNCTION connector.consume_attempt(state bytea, browser bytea, redirected_for text) RETURNS TABLE(tenant_id uuid, attempt_id uuid)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ UPDATE connector.oauth_attempts a SET consumed_at = now()
        WHERE a.state_hash = state AND a.browser_hash = browser AND a.provider = redirected_for AND a.consumed_at IS NULL AND a.expires_at > now()
        RETURNING a.tenant_id, a.attempt_id $$;

ALTER FUNCTION connector.consume_attempt(state bytea, browser bytea, redirected_for text) OWNER TO penstock_owner;

-- Name: drop_old_attempts(integer); Type: FUNCTION; Schema: connector; Owner: penstock_owner

CREATE FUNCTION connector.drop_old_attempts(how_many integer) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ WITH authorizations AS (
          DELETE FROM connector.oauth_attempts WHERE (tenant_id, attempt_id) IN
            (SELECT tenant_id, attempt_id FROM connector.oauth_attempts WHERE expires_at < now() - interval '1 day' LIMIT how_many)
          RETURNING 1),
        requests AS (
          DELETE FROM connector.refresh_attempts WHERE (tenant_id, attempt_id) IN
            (SELECT tenant_id, attempt_id FROM connector.refresh_attempts
             WHERE started_at < now() - interval '90 days' AND state NOT IN ('sent', 'unknown', 'candidate') LIMIT how_many)
          RETURNING 1)
        SELECT (SELECT count(*) FROM authorizations) + (SELECT count(*) FROM requests) $$;

ALTER FUNCTION connector.drop_old_attempts(how_many integer) OWNER TO penstock_owner;

-- Name: due_grants(integer); Type: FUNCTION; Schema: connector; Owner: penstock_owner

CREATE FUNCTION connector.due_grants(how_many integer) RETURNS TABLE(tenant_id uuid, grant_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ SELECT g.tenant_id, g.grant_id FROM connector.oauth_grants g
        WHERE g.state IN ('active', 'degraded') AND g.refresh_at IS NOT NULL AND g.refresh_at <= now()
          AND (g.retry_at IS NULL OR g.retry_at <= now()) AND (g.lease_until IS NULL OR g.lease_until <= now())
        ORDER BY g.refresh_at LIMIT how_many $$;

ALTER FUNCTION connector.due_grants(how_many integer) OWNER TO penstock_owner;

-- Name: forget_secrets(); Type: FUNCTION; Schema: connector; Owner: penstock_owner

CREATE FUNCTION connector.forget_secrets() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  DELETE FROM connector.sealed_values WHERE tenant_id = OLD.tenant_id AND owner_kind = TG_ARGV[0] AND owner_id = (to_jsonb(OLD) ->> TG_ARGV[1])::uuid;
  RETURN NULL;
END $$;

ALTER FUNCTION connector.forget_secrets() OWNER TO penstock_owner;

-- Name: hashed_field(text); Type: FUNCTION; Schema: connector; Owner: penstock_owner

CREATE FUNCTION connector.hashed_field(value text) RETURNS bytea
    LANGUAGE sql STABLE
    AS $$ SELECT int4send(octet_length(coalesce(value, ''))) || convert_to(coalesce(value, ''), 'UTF8') $$;

ALTER FUNCTION connector.hashed_field(value text) OWNER TO penstock_owner;

-- Name: keep_chain(); Type: FUNCTION; Schema: connector; Owner: penstock_owner

CREATE FUNCTION connector.keep_chain() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF (NEW.project_connector_id, NEW.source_project_id, NEW.target_project_id, NEW.target_service_id, NEW.target_interface_id, NEW.name)
    IS DISTINCT FROM (OLD.project_connector_id, OLD.source_project_id, OLD.target_project_id, OLD.target_service_id, OLD.target_interface_id, OLD.name) THEN
    RAISE EXCEPTION 'name, projects, service and interface of a project connector never change'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'project_connectors_chain_kept';
  END IF;
  RETURN NEW;
END $$;

ALTER FUNCTION connector.keep_chain() OWNER TO penstock_owner;

-- Name: keep_identity(); Type: FUNCTION; Schema: connector; Owner: penstock_owner

CREATE FUNCTION connector.keep_identity() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF (NEW.connector_id, NEW.project_id, NEW.connector_name, NEW.service_name, NEW.connector_type, NEW.auth_type)
    IS DISTINCT FROM (OLD.connector_id, OLD.project_id, OLD.connector_name, OLD.service_name, OLD.connector_type, OLD.auth_type) THEN
    RAISE EXCEPTION 'project, name, service, type and auth type of a connector never change'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'integration_connectors_identity_kept';
  END IF;
  RETURN NEW;
END $$;

ALTER FUNCTION connector.keep_identity() OWNER TO penstock_owner;

-- Name: note_grant_change(); Type: FUNCTION; Schema: connector; Owner: penstock_owner

CREATE FUNCTION connector.note_grant_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  INSERT INTO connector.oauth_grant_changes (tenant_id, grant_id, from_state, to_state, reason, token_version)
  VALUES (NEW.tenant_id, NEW.grant_id, OLD.state, NEW.state, NEW.state_reason, NEW.token_version);
  RETURN NULL;
END $$;

ALTER FUNCTION connector.note_grant_change() OWNER TO penstock_owner;

-- Name: open_attempt(bytea, bytea, bytea); Type: FUNCTION; Schema: connector; Owner: penstock_owner

CREATE FUNCTION connector.open_attempt(ticket bytea, state bytea, browser bytea) RETURNS TABLE(tenant_id uuid, attempt_id uuid)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ UPDATE connector.oauth_attempts a SET state_hash = state, browser_hash = browser, ticket_hash = NULL
        WHERE a.ticket_hash = ticket AND a.kind = 'code' AND a.consumed_at IS NULL AND a.state_hash IS NULL AND a.expires_at > now()
        RETURNING a.tenant_id, a.attempt_id $$;

ALTER FUNCTION connector.open_attempt(ticket bytea, state bytea, browser bytea) OWNER TO penstock_owner;

-- Name: take_calls(uuid, uuid, double precision, double precision, integer, double precision); Type: FUNCTION; Schema: connector; Owner: penstock_owner

CREATE FUNCTION connector.take_calls(tenant uuid, connector uuid, per_second double precision, burst double precision, wanted integer, patience double precision) RETURNS TABLE(granted integer, wait_seconds double precision)
    LANGUAGE plpgsql
    AS $$
DECLARE
  step CONSTANT double precision := 1 / per_second;
  slack CONSTANT double precision := (burst - 1) / per_second;
  limits connector.rate_limits;
  present timestamptz;
  -- Seconds from the present on.
  given double precision;
  starts double precision;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  SELECT * INTO limits FROM connector.rate_limits l WHERE l.tenant_id = tenant AND l.connector_id = connector FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO connector.rate_limits (tenant_id, connector_id) VALUES (tenant, connector) ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT limits FROM connector.rate_limits l WHERE l.tenant_id = tenant AND l.connector_id = connector FOR UPDATE;
  END IF;
  present := clock_timestamp();  -- with the row in hand, not when the transaction began
  given := extract(epoch FROM greatest(limits.given_until, present) - present);
  starts := greatest(given - slack, extract(epoch FROM greatest(limits.blocked_until, present) - present), 0);
  IF starts > patience THEN
    RETURN QUERY SELECT 0, starts;
    RETURN;
  END IF;
  given := greatest(given, starts);
  -- As many as there is room for at that moment; the tiny bit is for what binary fractions lose.
  granted := least(wanted, 1 + floor((starts + slack - given) / step + 1e-6)::integer);
  UPDATE connector.rate_limits l SET given_until = present + make_interval(secs => given + granted * step)
    WHERE l.tenant_id = tenant AND l.connector_id = connector;
  RETURN QUERY SELECT granted, starts;
END $$;

ALTER FUNCTION connector.take_calls(tenant uuid, connector uuid, per_second double precision, burst double precision, wanted integer, patience double precision) OWNER TO penstock_owner;

-- Name: take_device_polls(integer); Type: FUNCTION; Schema: connector; Owner: penstock_owner

CREATE FUNCTION connector.take_device_polls(how_many integer) RETURNS TABLE(tenant_id uuid, attempt_id uuid)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ UPDATE connector.oauth_attempts a SET poll_at = now() + greatest(a.interval_seconds, 20) * interval '1 second'
        FROM (SELECT o.tenant_id, o.attempt_id FROM connector.oauth_attempts o
              WHERE o.kind = 'device' AND o.consumed_at IS NULL AND o.poll_at <= now()
              ORDER BY o.poll_at LIMIT how_many FOR UPDATE SKIP LOCKED) AS due
        WHERE (a.tenant_id, a.attempt_id) = (due.tenant_id, due.attempt_id)
        RETURNING a.tenant_id, a.attempt_id $$;

ALTER FUNCTION connector.take_device_polls(how_many integer) OWNER TO penstock_owner;

-- Name: keep_identity(); Type: FUNCTION; Schema: interface; Owner: penstock_owner

CREATE FUNCTION interface.keep_identity() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF (NEW.interface_id, NEW.service_id, NEW.name, NEW.interface_type, NEW.callable_name)
    IS DISTINCT FROM (OLD.interface_id, OLD.service_id, OLD.name, OLD.interface_type, OLD.callable_name) THEN
    RAISE EXCEPTION 'service, name, type and callable of an interface never change'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'service_interfaces_identity_kept';
  END IF;
  RETURN NEW;
END $$;

ALTER FUNCTION interface.keep_identity() OWNER TO penstock_owner;

-- Name: service_of(uuid, uuid); Type: FUNCTION; Schema: interface; Owner: penstock_owner

CREATE FUNCTION interface.service_of(tenant uuid, wanted uuid) RETURNS uuid
    LANGUAGE sql STABLE
    AS $$ SELECT i.service_id FROM interface.service_interfaces i WHERE i.tenant_id = tenant AND i.interface_id = wanted $$;

ALTER FUNCTION interface.service_of(tenant uuid, wanted uuid) OWNER TO penstock_owner;

-- Name: claim_backfills(integer); Type: FUNCTION; Schema: schedule; Owner: penstock_owner

CREATE FUNCTION schedule.claim_backfills(how_many integer) RETURNS TABLE(tenant_id uuid, backfill_id uuid, schedule_id uuid)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ SELECT b.tenant_id, b.backfill_id, b.schedule_id FROM schedule.backfills b
        WHERE b.wake_at <= now() ORDER BY b.wake_at LIMIT how_many FOR UPDATE SKIP LOCKED $$;

ALTER FUNCTION schedule.claim_backfills(how_many integer) OWNER TO penstock_owner;

-- Name: claim_runs(integer); Type: FUNCTION; Schema: schedule; Owner: penstock_owner

CREATE FUNCTION schedule.claim_runs(how_many integer) RETURNS TABLE(tenant_id uuid, schedule_id uuid, nominal_at timestamp with time zone)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ SELECT r.tenant_id, r.schedule_id, r.nominal_at FROM schedule.schedule_runs r
        WHERE r.wake_at <= now() ORDER BY r.wake_at LIMIT how_many FOR UPDATE SKIP LOCKED $$;

ALTER FUNCTION schedule.claim_runs(how_many integer) OWNER TO penstock_owner;

-- Name: claim_schedules(integer); Type: FUNCTION; Schema: schedule; Owner: penstock_owner

CREATE FUNCTION schedule.claim_schedules(how_many integer) RETURNS TABLE(tenant_id uuid, schedule_id uuid)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ SELECT s.tenant_id, s.schedule_id FROM schedule.scheduled_events s
        WHERE s.nextrun <= now() ORDER BY s.nextrun LIMIT how_many FOR UPDATE SKIP LOCKED $$;

ALTER FUNCTION schedule.claim_schedules(how_many integer) OWNER TO penstock_owner;

-- Name: declare_triggers(uuid, uuid, boolean, jsonb); Type: FUNCTION; Schema: schedule; Owner: penstock_owner

CREATE FUNCTION schedule.declare_triggers(tenant uuid, workflow uuid, is_active boolean, declared jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
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

ALTER FUNCTION schedule.declare_triggers(tenant uuid, workflow uuid, is_active boolean, declared jsonb) OWNER TO penstock_owner;

-- Name: find_old_runs(timestamp with time zone, timestamp with time zone, integer); Type: FUNCTION; Schema: schedule; Owner: penstock_owner

CREATE FUNCTION schedule.find_old_runs(since timestamp with time zone, until timestamp with time zone, how_many integer) RETURNS TABLE(tenant_id uuid, schedule_id uuid, over_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ SELECT r.tenant_id, r.schedule_id, coalesce(r.ended_at, r.decided_at) FROM schedule.schedule_runs r
        WHERE r.wake_at IS NULL AND r.state <> 'buffered' AND coalesce(r.ended_at, r.decided_at) > since AND coalesce(r.ended_at, r.decided_at) <= until
        ORDER BY coalesce(r.ended_at, r.decided_at) FETCH FIRST how_many ROWS WITH TIES $$;

ALTER FUNCTION schedule.find_old_runs(since timestamp with time zone, until timestamp with time zone, how_many integer) OWNER TO penstock_owner;

-- Name: next_due(); Type: FUNCTION; Schema: schedule; Owner: penstock_owner

CREATE FUNCTION schedule.next_due() RETURNS TABLE(now timestamp with time zone, due_at timestamp with time zone)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ SELECT clock_timestamp(), least((SELECT min(s.nextrun) FROM schedule.scheduled_events s WHERE s.nextrun IS NOT NULL),
                                        (SELECT min(r.wake_at) FROM schedule.schedule_runs r WHERE r.wake_at IS NOT NULL),
                                        (SELECT min(b.wake_at) FROM schedule.backfills b WHERE b.wake_at IS NOT NULL)) $$;

ALTER FUNCTION schedule.next_due() OWNER TO penstock_owner;

-- Name: next_due_by_kind(); Type: FUNCTION; Schema: schedule; Owner: penstock_owner

CREATE FUNCTION schedule.next_due_by_kind() RETURNS TABLE(now timestamp with time zone, schedule_at timestamp with time zone, run_at timestamp with time zone, backfill_at timestamp with time zone)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ SELECT clock_timestamp(), (SELECT min(s.nextrun) FROM schedule.scheduled_events s WHERE s.nextrun IS NOT NULL),
                                  (SELECT min(r.wake_at) FROM schedule.schedule_runs r WHERE r.wake_at IS NOT NULL),
                                  (SELECT min(b.wake_at) FROM schedule.backfills b WHERE b.wake_at IS NOT NULL) $$;

ALTER FUNCTION schedule.next_due_by_kind() OWNER TO penstock_owner;

-- Name: note_replaced(uuid, uuid[]); Type: FUNCTION; Schema: schedule; Owner: penstock_owner

CREATE FUNCTION schedule.note_replaced(tenant uuid, schedules uuid[]) RETURNS void
    LANGUAGE sql
    AS $$ INSERT INTO schedule.schedule_runs (tenant_id, schedule_id, nominal_at, origin, state, reason, last_nominal_at, overlap_policy, due_at)
        SELECT s.tenant_id, s.schedule_id, s.next_nominal, 'schedule', 'skipped', 'REPLACED', greatest(s.next_nominal, now()), s.overlap_policy, s.nextrun
        FROM schedule.scheduled_events s
        WHERE s.tenant_id = tenant AND s.schedule_id = ANY (schedules) AND s.nextrun <= now() AND s.next_nominal <= now()
        ON CONFLICT DO NOTHING $$;

ALTER FUNCTION schedule.note_replaced(tenant uuid, schedules uuid[]) OWNER TO penstock_owner;

-- Name: project_of(uuid, uuid); Type: FUNCTION; Schema: schedule; Owner: penstock_owner

CREATE FUNCTION schedule.project_of(tenant uuid, workflow uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE
    AS $$ SELECT w.project_id FROM workflow.workflows w WHERE w.tenant_id = tenant AND w.workflow_id = workflow $$;

ALTER FUNCTION schedule.project_of(tenant uuid, workflow uuid) OWNER TO penstock_owner;

-- Name: refuse_change_of_ended(); Type: FUNCTION; Schema: schedule; Owner: penstock_owner

CREATE FUNCTION schedule.refuse_change_of_ended() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION 'the run of % has ended as %', OLD.nominal_at, OLD.state USING ERRCODE = 'PS002';
END $$;

ALTER FUNCTION schedule.refuse_change_of_ended() OWNER TO penstock_owner;

-- Name: audit_field(text); Type: FUNCTION; Schema: tenancy; Owner: penstock_owner

CREATE FUNCTION tenancy.audit_field(value text) RETURNS bytea
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT int4send(octet_length(coalesce(value, ''))) || convert_to(coalesce(value, ''), 'UTF8') $$;

ALTER FUNCTION tenancy.audit_field(value text) OWNER TO penstock_owner;

-- Name: chain_audit_row(); Type: FUNCTION; Schema: tenancy; Owner: penstock_owner

CREATE FUNCTION tenancy.chain_audit_row() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  head tenancy.audit_heads;
BEGIN
  IF NEW.tenant_id IS DISTINCT FROM auth.tenant_id() THEN
    RAISE EXCEPTION 'an audit row is of the transaction''s tenant' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO tenancy.audit_heads VALUES (NEW.tenant_id, 0, decode(repeat('00', 32), 'hex')) ON CONFLICT DO NOTHING;
  SELECT * INTO STRICT head FROM tenancy.audit_heads WHERE tenant_id = NEW.tenant_id FOR UPDATE;
  NEW.sequence := head.sequence + 1;
  -- Not the transaction's time: another may have begun later and be in the log already.
  NEW.occurred_at := clock_timestamp();
  NEW.previous_hash := head.hash;
  NEW.hash := sha256(NEW.previous_hash
    || tenancy.audit_field(NEW.tenant_id::text)
    || tenancy.audit_field(NEW.sequence::text)
    || tenancy.audit_field((extract(epoch FROM NEW.occurred_at) * 1000000)::bigint::text)
    || tenancy.audit_field(NEW.actor_user_id::text)
    || tenancy.audit_field(NEW.actor_api_key_id::text)
    || tenancy.audit_field(NEW.actor_service)
    || tenancy.audit_field(NEW.action)
    || tenancy.audit_field(NEW.resource_type)
    || tenancy.audit_field(NEW.resource_id)
    || tenancy.audit_field(NEW.details::text)
    || tenancy.audit_field(NEW.request_id));
  UPDATE tenancy.audit_heads SET sequence = NEW.sequence, hash = NEW.hash WHERE tenant_id = NEW.tenant_id;
  RETURN NEW;
END $$;

ALTER FUNCTION tenancy.chain_audit_row() OWNER TO penstock_owner;

-- Name: find_api_key(bytea); Type: FUNCTION; Schema: tenancy; Owner: penstock_owner

CREATE FUNCTION tenancy.find_api_key(hash bytea) RETURNS TABLE(tenant_id uuid, api_key_id uuid, user_id uuid, project_id uuid, role text, expires_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ SELECT k.tenant_id, k.api_key_id, k.user_id, k.project_id, k.role, k.expires_at
        FROM tenancy.api_keys k JOIN tenancy.tenants t USING (tenant_id)
        WHERE k.key_hash = hash AND k.revoked_at IS NULL AND t.status = 'active'
          AND (k.expires_at IS NULL OR k.expires_at > now()) $$;

ALTER FUNCTION tenancy.find_api_key(hash bytea) OWNER TO penstock_owner;

-- Name: find_tenant(text); Type: FUNCTION; Schema: tenancy; Owner: penstock_owner

CREATE FUNCTION tenancy.find_tenant(client text) RETURNS TABLE(tenant_id uuid, webhook_rate_limit integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$ SELECT t.tenant_id, t.webhook_rate_limit FROM tenancy.tenants t
        WHERE t.status = 'active' AND (t.slug = client OR t.tenant_id =
          CASE WHEN client ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN client::uuid END) $_$;

ALTER FUNCTION tenancy.find_tenant(client text) OWNER TO penstock_owner;

-- Name: make_user_profile(); Type: FUNCTION; Schema: tenancy; Owner: penstock_owner

CREATE FUNCTION tenancy.make_user_profile() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO tenancy.user_profiles (tenant_id, user_id, name)
  VALUES (NEW.tenant_id, NEW.user_id, nullif(trim(NEW.first_name || ' ' || NEW.last_name), ''));
  RETURN NULL;
END $$;

ALTER FUNCTION tenancy.make_user_profile() OWNER TO penstock_owner;

-- Name: purge_tenant(uuid, integer); Type: FUNCTION; Schema: tenancy; Owner: penstock_owner

CREATE FUNCTION tenancy.purge_tenant(tenant uuid, how_many integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $_$
DECLARE
  of_executions CONSTANT regclass[] := ARRAY['workflow.node_executions', 'workflow.open_nodes', 'workflow.timers', 'workflow.signals',
                                             'workflow.open_executions', 'workflow.workflow_executions'];
  of_many CONSTANT regclass[] := ARRAY['workflow.event_store', 'workflow.webhooks', 'workflow.execution_keys'];
  -- Workflows refer to projects, and what goes before may still write to the log.
  last CONSTANT regclass[] := ARRAY['tenancy.projects', 'tenancy.audit_log', 'tenancy.audit_heads'];
  ended workflow.workflow_executions[] := ARRAY(SELECT e FROM workflow.workflow_executions e WHERE e.tenant_id = tenant LIMIT how_many);
  target regclass;
  gone bigint;
  more boolean := cardinality(ended) > 0;
BEGIN
  PERFORM set_config('app.purged_tenant', tenant::text, true);
  FOREACH target IN ARRAY of_executions LOOP
    EXECUTE format('DELETE FROM %s t USING unnest($1) AS e WHERE t.shard_id = e.shard_id AND t.execution_id = e.execution_id', target) USING ended;
  END LOOP;
  DELETE FROM workflow.event_store WHERE tenant_id = tenant AND sequence_number <=
    (SELECT max(sequence_number) FROM (SELECT sequence_number FROM workflow.event_store WHERE tenant_id = tenant ORDER BY 1 LIMIT how_many) AS first);
  GET DIAGNOSTICS gone = ROW_COUNT;
  more := more OR gone >= how_many;
  DELETE FROM workflow.webhooks WHERE tenant_id = tenant AND webhook_id <=
    (SELECT w.webhook_id FROM workflow.webhooks w WHERE w.tenant_id = tenant AND w.webhook_id IN
       (SELECT webhook_id FROM workflow.webhooks WHERE tenant_id = tenant ORDER BY 1 LIMIT how_many) ORDER BY 1 DESC LIMIT 1);
  GET DIAGNOSTICS gone = ROW_COUNT;
  more := more OR gone >= how_many;
  DELETE FROM workflow.execution_keys WHERE shard_id IN (SELECT generate_series(0, 255)) AND tenant_id = tenant;
  IF more THEN RETURN true; END IF;
  FOR target IN
    SELECT c.oid::regclass FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      AND c.oid <> ALL (of_executions || of_many || last || ARRAY['tenancy.tenants', 'tenancy.tenant_lifecycles']::regclass[])
    ORDER BY 1 DESC  -- what was made later may refer to what was there
  LOOP
    EXECUTE format('DELETE FROM %s WHERE tenant_id = $1', target) USING tenant;
  END LOOP;
  FOREACH target IN ARRAY last LOOP
    EXECUTE format('DELETE FROM %s WHERE tenant_id = $1', target) USING tenant;
  END LOOP;
  RETURN false;
END $_$;

ALTER FUNCTION tenancy.purge_tenant(tenant uuid, how_many integer) OWNER TO penstock_owner;

-- Name: announce_presence(uuid); Type: FUNCTION; Schema: workflow; Owner: penstock_owner

CREATE FUNCTION workflow.announce_presence(boot_id uuid) RETURNS void
    LANGUAGE sql
    AS $$ SELECT pg_advisory_lock_shared(hashtextextended(boot_id::text, 7304)) $$;

ALTER FUNCTION workflow.announce_presence(boot_id uuid) OWNER TO penstock_owner;

-- Name: ensure_partitions(integer); Type: FUNCTION; Schema: workflow; Owner: penstock_owner

CREATE FUNCTION workflow.ensure_partitions(months_ahead integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

ALTER FUNCTION workflow.ensure_partitions(months_ahead integer) OWNER TO penstock_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

-- Name: engine_members; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.engine_members (
    boot_id uuid NOT NULL,
    address text NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    heartbeat_due_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

ALTER TABLE workflow.engine_members OWNER TO penstock_owner;

-- Name: is_alive(workflow.engine_members); Type: FUNCTION; Schema: workflow; Owner: penstock_owner

CREATE FUNCTION workflow.is_alive(member workflow.engine_members) RETURNS boolean
    LANGUAGE sql
    AS $$ SELECT member.expires_at > now() AND
               (member.heartbeat_due_at > now() OR NOT pg_try_advisory_xact_lock(hashtextextended(member.boot_id::text, 7304))) $$;

ALTER FUNCTION workflow.is_alive(member workflow.engine_members) OWNER TO penstock_owner;

-- Name: lock_event_streams(uuid[]); Type: FUNCTION; Schema: workflow; Owner: penstock_owner

CREATE FUNCTION workflow.lock_event_streams(tenants uuid[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(t::text, 7306)) FROM (SELECT DISTINCT unnest(tenants) AS t ORDER BY t) AS sorted;
END $$;

ALTER FUNCTION workflow.lock_event_streams(tenants uuid[]) OWNER TO penstock_owner;

-- Name: lock_owner(uuid); Type: FUNCTION; Schema: workflow; Owner: penstock_owner

CREATE FUNCTION workflow.lock_owner(boot_id uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended(boot_id::text, 7305));
END $$;

ALTER FUNCTION workflow.lock_owner(boot_id uuid) OWNER TO penstock_owner;

-- Name: open_to_engine(regclass); Type: PROCEDURE; Schema: workflow; Owner: penstock_owner

CREATE PROCEDURE workflow.open_to_engine(IN target regclass)
    LANGUAGE plpgsql
    AS $$
BEGIN
  CALL auth.isolate(target);
  EXECUTE format('CREATE POLICY engine_all ON %s TO penstock_engine USING (true) WITH CHECK (true)', target);
END $$;

ALTER PROCEDURE workflow.open_to_engine(IN target regclass) OWNER TO penstock_owner;

-- Name: project_of(uuid, uuid); Type: FUNCTION; Schema: workflow; Owner: penstock_owner

CREATE FUNCTION workflow.project_of(tenant uuid, workflow uuid) RETURNS uuid
    LANGUAGE sql STABLE
    AS $$ SELECT w.project_id FROM workflow.workflows w WHERE w.tenant_id = tenant AND w.workflow_id = workflow $$;

ALTER FUNCTION workflow.project_of(tenant uuid, workflow uuid) OWNER TO penstock_owner;

-- Name: prove_ownership(uuid, smallint[], bigint[]); Type: FUNCTION; Schema: workflow; Owner: penstock_owner

CREATE FUNCTION workflow.prove_ownership(boot_id uuid, shards smallint[], epochs bigint[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF EXISTS (SELECT FROM unnest(shards, epochs) AS claimed (shard_id, epoch)
             LEFT JOIN workflow.shard_leases l ON l.shard_id = claimed.shard_id AND l.owner = boot_id AND l.epoch = claimed.epoch
             WHERE l.shard_id IS NULL) THEN
    RAISE EXCEPTION 'shard ownership lost' USING ERRCODE = 'PS001';
  END IF;
END $$;

ALTER FUNCTION workflow.prove_ownership(boot_id uuid, shards smallint[], epochs bigint[]) OWNER TO penstock_owner;

-- Name: refuse_change_of_ended(); Type: FUNCTION; Schema: workflow; Owner: penstock_owner

CREATE FUNCTION workflow.refuse_change_of_ended() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION 'execution % has ended as %', OLD.execution_id, OLD.state USING ERRCODE = 'PS002';
END $$;

ALTER FUNCTION workflow.refuse_change_of_ended() OWNER TO penstock_owner;

-- Name: take_shards(uuid, smallint[]); Type: FUNCTION; Schema: workflow; Owner: penstock_owner

CREATE FUNCTION workflow.take_shards(taker uuid, shards smallint[]) RETURNS TABLE(shard_id smallint, epoch bigint)
    LANGUAGE plpgsql
    AS $$
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

ALTER FUNCTION workflow.take_shards(taker uuid, shards smallint[]) OWNER TO penstock_owner;

-- Name: uuid_floor(timestamp with time zone); Type: FUNCTION; Schema: workflow; Owner: penstock_owner

CREATE FUNCTION workflow.uuid_floor(at timestamp with time zone) RETURNS uuid
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid $$;

ALTER FUNCTION workflow.uuid_floor(at timestamp with time zone) OWNER TO penstock_owner;

-- Name: credential_audit; Type: TABLE; Schema: connector; Owner: penstock_owner

CREATE TABLE connector.credential_audit (
    tenant_id uuid NOT NULL,
    sequence bigint NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    event text NOT NULL,
    use_id uuid NOT NULL,
    owner_kind text NOT NULL,
    owner_id uuid NOT NULL,
    fields text[] NOT NULL,
    value_versions bigint[] NOT NULL,
    purpose text NOT NULL,
    target_host text NOT NULL,
    execution_id text NOT NULL,
    actor_user_id uuid,
    actor_api_key_id uuid,
    actor_service text NOT NULL,
    request_id text NOT NULL,
    result text NOT NULL,
    http_status integer NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT credential_audit_event_known CHECK ((event = ANY (ARRAY['opened'::text, 'refused'::text, 'outcome'::text]))),
    CONSTRAINT credential_audit_execution_id_length CHECK ((char_length(execution_id) <= 255)),
    CONSTRAINT credential_audit_fields_few CHECK ((cardinality(fields) <= 64)),
    CONSTRAINT credential_audit_hash_length CHECK ((octet_length(hash) = 32)),
    CONSTRAINT credential_audit_http_status_range CHECK (((http_status >= 0) AND (http_status <= 999))),
    CONSTRAINT credential_audit_owner_kind_known CHECK ((owner_kind = ANY (ARRAY['connector'::text, 'grant'::text, 'attempt'::text]))),
    CONSTRAINT credential_audit_previous_hash_length CHECK ((octet_length(previous_hash) = 32)),
    CONSTRAINT credential_audit_purpose_form CHECK ((purpose ~ '^[a-z_]{1,50}$'::text)),
    CONSTRAINT credential_audit_result_form CHECK ((result ~ '^[A-Za-z_]{0,100}$'::text)),
    CONSTRAINT credential_audit_target_host_length CHECK ((char_length(target_host) <= 260))
);

ALTER TABLE ONLY connector.credential_audit FORCE ROW LEVEL SECURITY;

ALTER TABLE connector.credential_audit OWNER TO penstock_owner;

-- Name: credential_audit_heads; Type: TABLE; Schema: connector; Owner: penstock_owner

CREATE TABLE connector.credential_audit_heads (
    tenant_id uuid NOT NULL,
    sequence bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT credential_audit_heads_hash_length CHECK ((octet_length(hash) = 32))
);

ALTER TABLE ONLY connector.credential_audit_heads FORCE ROW LEVEL SECURITY;

ALTER TABLE connector.credential_audit_heads OWNER TO penstock_owner;

-- Name: integration_connectors; Type: TABLE; Schema: connector; Owner: penstock_owner

CREATE TABLE connector.integration_connectors (
    tenant_id uuid NOT NULL,
    connector_id uuid NOT NULL,
    project_id uuid,
    connector_name text NOT NULL,
    display_name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    service_name text NOT NULL,
    connector_type text NOT NULL,
    auth_type text NOT NULL,
    auth_config jsonb DEFAULT '{}'::jsonb NOT NULL,
    base_url text NOT NULL,
    allowed_hosts text[] DEFAULT '{}'::text[] NOT NULL,
    secret_storage text DEFAULT 'sealed'::text NOT NULL,
    grant_id uuid,
    config_schema jsonb DEFAULT '{}'::jsonb NOT NULL,
    config_data jsonb DEFAULT '{}'::jsonb NOT NULL,
    api_spec jsonb,
    scopes text[] DEFAULT '{}'::text[] NOT NULL,
    classifications text[] DEFAULT '{}'::text[] NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    test_request jsonb,
    pagination jsonb,
    rate_limit double precision,
    timeout_seconds double precision,
    is_active boolean DEFAULT true NOT NULL,
    last_connected_at timestamp with time zone,
    last_error jsonb,
    version bigint DEFAULT 1 NOT NULL,
    created_by uuid,
    request_id text,
    request_hash bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT integration_connectors_allowed_hosts_few CHECK ((cardinality(allowed_hosts) <= 20)),
    CONSTRAINT integration_connectors_api_spec_object CHECK ((jsonb_typeof(api_spec) = 'object'::text)),
    CONSTRAINT integration_connectors_auth_config_object CHECK ((jsonb_typeof(auth_config) = 'object'::text)),
    CONSTRAINT integration_connectors_auth_type_form CHECK ((auth_type ~ '^[a-z][a-z0-9_]{0,49}$'::text)),
    CONSTRAINT integration_connectors_base_url_length CHECK (((char_length(base_url) >= 8) AND (char_length(base_url) <= 2000))),
    CONSTRAINT integration_connectors_classifications_known CHECK ((classifications <@ ARRAY['redis'::text, 'http-log'::text, 'syslog'::text, 'file-log'::text, 'tcp-log'::text, 'udp-log'::text])),
    CONSTRAINT integration_connectors_config_data_object CHECK ((jsonb_typeof(config_data) = 'object'::text)),
    CONSTRAINT integration_connectors_config_schema_object CHECK ((jsonb_typeof(config_schema) = 'object'::text)),
    CONSTRAINT integration_connectors_description_length CHECK ((char_length(description) <= 2000)),
    CONSTRAINT integration_connectors_display_name_length CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 255))),
    CONSTRAINT integration_connectors_last_error_object CHECK ((jsonb_typeof(last_error) = 'object'::text)),
    CONSTRAINT integration_connectors_metadata_object CHECK ((jsonb_typeof(metadata) = 'object'::text)),
    CONSTRAINT integration_connectors_name_form CHECK ((connector_name ~ '^[a-z0-9]([a-z0-9_-]{0,98}[a-z0-9])?$'::text)),
    CONSTRAINT integration_connectors_pagination_object CHECK ((jsonb_typeof(pagination) = 'object'::text)),
    CONSTRAINT integration_connectors_rate_limit_positive CHECK ((rate_limit > (0)::double precision)),
    CONSTRAINT integration_connectors_request_hash_length CHECK ((octet_length(request_hash) = 32)),
    CONSTRAINT integration_connectors_request_id_length CHECK (((char_length(request_id) >= 1) AND (char_length(request_id) <= 255))),
    CONSTRAINT integration_connectors_scopes_few CHECK ((cardinality(scopes) <= 200)),
    CONSTRAINT integration_connectors_secret_storage_known CHECK ((secret_storage = ANY (ARRAY['sealed'::text, 'vault'::text]))),
    CONSTRAINT integration_connectors_service_name_form CHECK ((service_name ~ '^[a-z0-9]([a-z0-9._-]{0,98}[a-z0-9])?$'::text)),
    CONSTRAINT integration_connectors_sizes CHECK (((octet_length((auth_config)::text) <= 65536) AND (octet_length((config_schema)::text) <= 65536) AND (octet_length((config_data)::text) <= 65536) AND (octet_length((metadata)::text) <= 65536) AND (octet_length((api_spec)::text) <= 4194304))),
    CONSTRAINT integration_connectors_test_request_object CHECK ((jsonb_typeof(test_request) = 'object'::text)),
    CONSTRAINT integration_connectors_timeout_range CHECK (((timeout_seconds >= (0.1)::double precision) AND (timeout_seconds <= (300)::double precision))),
    CONSTRAINT integration_connectors_type_known CHECK ((connector_type = ANY (ARRAY['email'::text, 'slack'::text, 'database'::text, 'api'::text, 'oauth'::text])))
);

ALTER TABLE ONLY connector.integration_connectors FORCE ROW LEVEL SECURITY;

ALTER TABLE connector.integration_connectors OWNER TO penstock_owner;

-- Name: key_rotations; Type: TABLE; Schema: connector; Owner: penstock_owner

CREATE TABLE connector.key_rotations (
    rotation_id uuid NOT NULL,
    level text NOT NULL,
    of_tenant uuid,
    destroy_previous boolean DEFAULT false NOT NULL,
    state text DEFAULT 'running'::text NOT NULL,
    at_tenant uuid DEFAULT '00000000-0000-0000-0000-000000000000'::uuid NOT NULL,
    at_version bigint DEFAULT 0 NOT NULL,
    rows_done bigint DEFAULT 0 NOT NULL,
    rows_total bigint DEFAULT 0 NOT NULL,
    rows_damaged bigint DEFAULT 0 NOT NULL,
    rows_left bigint,
    error text DEFAULT ''::text NOT NULL,
    started_by text NOT NULL,
    lease_owner uuid,
    lease_until timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT key_rotations_ended CHECK (((state = 'running'::text) = (ended_at IS NULL))),
    CONSTRAINT key_rotations_error_length CHECK ((char_length(error) <= 2000)),
    CONSTRAINT key_rotations_level_known CHECK ((level = ANY (ARRAY['root'::text, 'tenant'::text, 'data'::text, 'destroy'::text]))),
    CONSTRAINT key_rotations_proved CHECK (((state <> 'succeeded'::text) OR (rows_left = 0))),
    CONSTRAINT key_rotations_started_by_length CHECK (((char_length(started_by) >= 1) AND (char_length(started_by) <= 200))),
    CONSTRAINT key_rotations_state_known CHECK ((state = ANY (ARRAY['running'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text])))
);

ALTER TABLE connector.key_rotations OWNER TO penstock_owner;

-- Name: oauth_attempts; Type: TABLE; Schema: connector; Owner: penstock_owner

CREATE TABLE connector.oauth_attempts (
    tenant_id uuid NOT NULL,
    attempt_id uuid NOT NULL,
    grant_id uuid NOT NULL,
    kind text NOT NULL,
    ticket_hash bytea,
    state_hash bytea,
    browser_hash bytea,
    config jsonb NOT NULL,
    provider text NOT NULL,
    redirect_uri text DEFAULT ''::text NOT NULL,
    expected_issuer text DEFAULT ''::text NOT NULL,
    return_to text DEFAULT ''::text NOT NULL,
    scopes_requested text[] DEFAULT '{}'::text[] NOT NULL,
    poll_at timestamp with time zone,
    interval_seconds integer,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    consumed_at timestamp with time zone,
    outcome text DEFAULT ''::text NOT NULL,
    CONSTRAINT oauth_attempts_bound CHECK (((state_hash IS NULL) = (browser_hash IS NULL))),
    CONSTRAINT oauth_attempts_browser_hash_length CHECK ((octet_length(browser_hash) = 32)),
    CONSTRAINT oauth_attempts_config_object CHECK (((jsonb_typeof(config) = 'object'::text) AND (octet_length((config)::text) <= 65536))),
    CONSTRAINT oauth_attempts_device_polls CHECK (((kind <> 'device'::text) OR (interval_seconds IS NOT NULL))),
    CONSTRAINT oauth_attempts_interval_range CHECK (((interval_seconds >= 1) AND (interval_seconds <= 3600))),
    CONSTRAINT oauth_attempts_kind_known CHECK ((kind = ANY (ARRAY['code'::text, 'device'::text]))),
    CONSTRAINT oauth_attempts_outcome_form CHECK ((outcome ~ '^[a-z_]{0,60}$'::text)),
    CONSTRAINT oauth_attempts_provider_form CHECK ((provider ~ '^[a-z0-9]([a-z0-9._-]{0,98}[a-z0-9])?$'::text)),
    CONSTRAINT oauth_attempts_state_hash_length CHECK ((octet_length(state_hash) = 32)),
    CONSTRAINT oauth_attempts_ticket_hash_length CHECK ((octet_length(ticket_hash) = 32))
);

ALTER TABLE ONLY connector.oauth_attempts FORCE ROW LEVEL SECURITY;

ALTER TABLE connector.oauth_attempts OWNER TO penstock_owner;

-- Name: oauth_grant_changes; Type: TABLE; Schema: connector; Owner: penstock_owner

CREATE TABLE connector.oauth_grant_changes (
    tenant_id uuid NOT NULL,
    grant_id uuid NOT NULL,
    change_id bigint NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    reason text NOT NULL,
    token_version bigint NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY connector.oauth_grant_changes FORCE ROW LEVEL SECURITY;

ALTER TABLE connector.oauth_grant_changes OWNER TO penstock_owner;

-- Name: oauth_grant_changes_change_id_seq; Type: SEQUENCE; Schema: connector; Owner: penstock_owner

ALTER TABLE connector.oauth_grant_changes ALTER COLUMN change_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME connector.oauth_grant_changes_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: oauth_grants; Type: TABLE; Schema: connector; Owner: penstock_owner

CREATE TABLE connector.oauth_grants (
    tenant_id uuid NOT NULL,
    grant_id uuid NOT NULL,
    connector_id uuid NOT NULL,
    display_name text NOT NULL,
    config jsonb NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    state_reason text DEFAULT ''::text NOT NULL,
    state_changed_at timestamp with time zone DEFAULT now() NOT NULL,
    scopes_requested text[] DEFAULT '{}'::text[] NOT NULL,
    scopes_granted text[] DEFAULT '{}'::text[] NOT NULL,
    token_version bigint DEFAULT 0 NOT NULL,
    proven_version bigint DEFAULT 0 NOT NULL,
    has_refresh_token boolean DEFAULT false NOT NULL,
    has_previous_token boolean DEFAULT false NOT NULL,
    access_expires_at timestamp with time zone,
    refresh_at timestamp with time zone,
    refresh_idle_expires_at timestamp with time zone,
    refresh_absolute_expires_at timestamp with time zone,
    refreshed_at timestamp with time zone,
    rejected_at timestamp with time zone,
    retry_at timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    lease_owner text,
    lease_until timestamp with time zone,
    fence bigint DEFAULT 0 NOT NULL,
    from_token jsonb DEFAULT '{}'::jsonb NOT NULL,
    last_error jsonb,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT oauth_grants_config_object CHECK (((jsonb_typeof(config) = 'object'::text) AND (octet_length((config)::text) <= 65536))),
    CONSTRAINT oauth_grants_display_name_length CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 255))),
    CONSTRAINT oauth_grants_failures_count CHECK ((failures >= 0)),
    CONSTRAINT oauth_grants_from_token_object CHECK (((jsonb_typeof(from_token) = 'object'::text) AND (octet_length((from_token)::text) <= 16384))),
    CONSTRAINT oauth_grants_last_error_object CHECK (((jsonb_typeof(last_error) = 'object'::text) AND (octet_length((last_error)::text) <= 8192))),
    CONSTRAINT oauth_grants_lease_owner_length CHECK (((char_length(lease_owner) >= 1) AND (char_length(lease_owner) <= 100))),
    CONSTRAINT oauth_grants_lease_whole CHECK (((lease_owner IS NULL) = (lease_until IS NULL))),
    CONSTRAINT oauth_grants_live_has_token CHECK (((state <> ALL (ARRAY['active'::text, 'degraded'::text])) OR (token_version > 0))),
    CONSTRAINT oauth_grants_proven_known CHECK (((proven_version >= 0) AND (proven_version <= token_version))),
    CONSTRAINT oauth_grants_scopes_granted_few CHECK ((cardinality(scopes_granted) <= 500)),
    CONSTRAINT oauth_grants_scopes_requested_few CHECK ((cardinality(scopes_requested) <= 200)),
    CONSTRAINT oauth_grants_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'active'::text, 'degraded'::text, 'needs_reauth'::text, 'disabled'::text]))),
    CONSTRAINT oauth_grants_state_reason_form CHECK ((state_reason ~ '^[a-z_]{0,60}$'::text)),
    CONSTRAINT oauth_grants_token_version_counts CHECK ((token_version >= 0))
);

ALTER TABLE ONLY connector.oauth_grants FORCE ROW LEVEL SECURITY;

ALTER TABLE connector.oauth_grants OWNER TO penstock_owner;

-- Name: project_connectors; Type: TABLE; Schema: connector; Owner: penstock_owner

CREATE TABLE connector.project_connectors (
    tenant_id uuid NOT NULL,
    project_connector_id uuid NOT NULL,
    source_project_id uuid NOT NULL,
    target_project_id uuid NOT NULL,
    target_service_id uuid NOT NULL,
    target_interface_id uuid NOT NULL,
    name text NOT NULL,
    display_name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    visibility text DEFAULT 'private'::text NOT NULL,
    auth_config jsonb,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT project_connectors_auth_config_is_public CHECK (((auth_config IS NULL) OR (visibility = 'public'::text))),
    CONSTRAINT project_connectors_auth_config_object CHECK ((jsonb_typeof(auth_config) = 'object'::text)),
    CONSTRAINT project_connectors_description_length CHECK ((char_length(description) <= 2000)),
    CONSTRAINT project_connectors_display_name_length CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 255))),
    CONSTRAINT project_connectors_name_form CHECK ((name ~ '^[A-Za-z0-9]([A-Za-z0-9._-]{0,253}[A-Za-z0-9])?$'::text)),
    CONSTRAINT project_connectors_sizes CHECK ((octet_length((auth_config)::text) <= 65536)),
    CONSTRAINT project_connectors_visibility_known CHECK ((visibility = ANY (ARRAY['private'::text, 'organization'::text, 'public'::text])))
);

ALTER TABLE ONLY connector.project_connectors FORCE ROW LEVEL SECURITY;

ALTER TABLE connector.project_connectors OWNER TO penstock_owner;

-- Name: providers; Type: TABLE; Schema: connector; Owner: penstock_owner

CREATE TABLE connector.providers (
    tenant_id uuid NOT NULL,
    provider_id text NOT NULL COLLATE pg_catalog."C",
    provider jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT providers_id_form CHECK (((provider_id ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$'::text) AND ((char_length(provider_id) >= 2) AND (char_length(provider_id) <= 63)))),
    CONSTRAINT providers_provider_has_id CHECK ((COALESCE((provider ->> 'id'::text), ''::text) = provider_id)),
    CONSTRAINT providers_provider_size CHECK ((octet_length((provider)::text) <= 131072))
);

ALTER TABLE ONLY connector.providers FORCE ROW LEVEL SECURITY;

ALTER TABLE connector.providers OWNER TO penstock_owner;

-- Name: rate_limits; Type: TABLE; Schema: connector; Owner: penstock_owner

CREATE TABLE connector.rate_limits (
    tenant_id uuid NOT NULL,
    connector_id uuid NOT NULL,
    given_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    blocked_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL
)
WITH (fillfactor='50');

ALTER TABLE ONLY connector.rate_limits FORCE ROW LEVEL SECURITY;

ALTER TABLE connector.rate_limits OWNER TO penstock_owner;

-- Name: refresh_attempts; Type: TABLE; Schema: connector; Owner: penstock_owner

CREATE TABLE connector.refresh_attempts (
    tenant_id uuid NOT NULL,
    attempt_id uuid NOT NULL,
    grant_id uuid NOT NULL,
    fence bigint NOT NULL,
    token_version_used bigint NOT NULL,
    token_used text DEFAULT 'current'::text NOT NULL,
    state text DEFAULT 'sent'::text NOT NULL,
    class text DEFAULT ''::text NOT NULL,
    answer jsonb,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT refresh_attempts_answer_object CHECK ((jsonb_typeof(answer) = 'object'::text)),
    CONSTRAINT refresh_attempts_candidate_has_answer CHECK (((state <> 'candidate'::text) OR (answer IS NOT NULL))),
    CONSTRAINT refresh_attempts_class_form CHECK ((class ~ '^[a-z_]{0,60}$'::text)),
    CONSTRAINT refresh_attempts_state_known CHECK ((state = ANY (ARRAY['sent'::text, 'succeeded'::text, 'failed'::text, 'unknown'::text, 'candidate'::text, 'superseded'::text]))),
    CONSTRAINT refresh_attempts_token_used_known CHECK ((token_used = ANY (ARRAY['none'::text, 'current'::text, 'previous'::text])))
);

ALTER TABLE ONLY connector.refresh_attempts FORCE ROW LEVEL SECURITY;

ALTER TABLE connector.refresh_attempts OWNER TO penstock_owner;

-- Name: root_keys; Type: TABLE; Schema: connector; Owner: penstock_owner

CREATE TABLE connector.root_keys (
    root_key_id text NOT NULL,
    check_value bytea NOT NULL,
    state text DEFAULT 'active'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT root_keys_check_value_length CHECK (((octet_length(check_value) >= 1) AND (octet_length(check_value) <= 4096))),
    CONSTRAINT root_keys_id_form CHECK ((root_key_id ~ '^(local|transit):[A-Za-z0-9._/-]{1,190}$'::text)),
    CONSTRAINT root_keys_state_known CHECK ((state = ANY (ARRAY['active'::text, 'decrypt_only'::text, 'destroyed'::text])))
);

ALTER TABLE connector.root_keys OWNER TO penstock_owner;

-- Name: sealed_values; Type: TABLE; Schema: connector; Owner: penstock_owner

CREATE TABLE connector.sealed_values (
    tenant_id uuid NOT NULL,
    owner_kind text NOT NULL,
    owner_id uuid NOT NULL,
    field text NOT NULL,
    value_version bigint NOT NULL,
    is_current boolean DEFAULT true NOT NULL,
    key_version integer NOT NULL,
    sealed bytea NOT NULL,
    data_key_at timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    CONSTRAINT sealed_values_field_form CHECK ((field ~ '^[a-z][a-z0-9_]{0,63}$'::text)),
    CONSTRAINT sealed_values_header_agrees CHECK (((substr(sealed, 1, 2) = '\x5053'::bytea) AND (substr(sealed, 5, 16) = uuid_send(tenant_id)) AND (substr(sealed, 21, 4) = int4send(key_version)))),
    CONSTRAINT sealed_values_owner_kind_known CHECK ((owner_kind = ANY (ARRAY['connector'::text, 'grant'::text, 'attempt'::text]))),
    CONSTRAINT sealed_values_sealed_length CHECK (((octet_length(sealed) >= 137) AND (octet_length(sealed) <= 65672))),
    CONSTRAINT sealed_values_version_positive CHECK ((value_version > 0))
);
ALTER TABLE ONLY connector.sealed_values ALTER COLUMN sealed SET STORAGE EXTERNAL;

ALTER TABLE ONLY connector.sealed_values FORCE ROW LEVEL SECURITY;

ALTER TABLE connector.sealed_values OWNER TO penstock_owner;

-- Name: tenant_keys; Type: TABLE; Schema: connector; Owner: penstock_owner

CREATE TABLE connector.tenant_keys (
    tenant_id uuid NOT NULL,
    key_version integer NOT NULL,
    root_key_id text NOT NULL,
    wrapped_key bytea,
    state text DEFAULT 'active'::text NOT NULL,
    rotation_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tenant_keys_destroyed_is_gone CHECK (((state = 'destroyed'::text) = (wrapped_key IS NULL))),
    CONSTRAINT tenant_keys_state_known CHECK ((state = ANY (ARRAY['active'::text, 'decrypt_only'::text, 'destroyed'::text]))),
    CONSTRAINT tenant_keys_version_positive CHECK ((key_version > 0)),
    CONSTRAINT tenant_keys_wrapped_key_length CHECK (((octet_length(wrapped_key) >= 32) AND (octet_length(wrapped_key) <= 4096)))
);

ALTER TABLE ONLY connector.tenant_keys FORCE ROW LEVEL SECURITY;

ALTER TABLE connector.tenant_keys OWNER TO penstock_owner;

-- Name: value_versions; Type: SEQUENCE; Schema: connector; Owner: penstock_owner

CREATE SEQUENCE connector.value_versions
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER TABLE connector.value_versions OWNER TO penstock_owner;

-- Name: service_interfaces; Type: TABLE; Schema: interface; Owner: penstock_owner

CREATE TABLE interface.service_interfaces (
    tenant_id uuid NOT NULL,
    interface_id uuid NOT NULL,
    service_id uuid NOT NULL,
    name text NOT NULL,
    display_name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    interface_type text NOT NULL,
    callable_name text NOT NULL,
    payload_schema jsonb DEFAULT '{}'::jsonb NOT NULL,
    return_schema jsonb,
    is_public boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT service_interfaces_callable_name_length CHECK ((char_length(callable_name) <= 100)),
    CONSTRAINT service_interfaces_description_length CHECK ((char_length(description) <= 2000)),
    CONSTRAINT service_interfaces_display_name_length CHECK (((char_length(display_name) >= 1) AND (char_length(display_name) <= 255))),
    CONSTRAINT service_interfaces_name_form CHECK ((name ~ '^[A-Za-z0-9]([A-Za-z0-9._-]{0,253}[A-Za-z0-9])?$'::text)),
    CONSTRAINT service_interfaces_payload_schema_object CHECK ((jsonb_typeof(payload_schema) = 'object'::text)),
    CONSTRAINT service_interfaces_query_takes_nothing CHECK (((interface_type <> 'query'::text) OR (payload_schema = '{}'::jsonb))),
    CONSTRAINT service_interfaces_return_schema_object CHECK ((jsonb_typeof(return_schema) = 'object'::text)),
    CONSTRAINT service_interfaces_signal_returns_nothing CHECK (((interface_type <> 'signal'::text) OR (return_schema IS NULL))),
    CONSTRAINT service_interfaces_sizes CHECK (((octet_length((payload_schema)::text) <= 65536) AND (octet_length((return_schema)::text) <= 65536))),
    CONSTRAINT service_interfaces_start_names_nothing CHECK (((interface_type = 'start_child'::text) = (callable_name = ''::text))),
    CONSTRAINT service_interfaces_type_known CHECK ((interface_type = ANY (ARRAY['signal'::text, 'query'::text, 'update'::text, 'start_child'::text])))
);

ALTER TABLE ONLY interface.service_interfaces FORCE ROW LEVEL SECURITY;

ALTER TABLE interface.service_interfaces OWNER TO penstock_owner;

-- Name: schema_migrations; Type: TABLE; Schema: public; Owner: penstock_owner

CREATE TABLE public.schema_migrations (
    version integer NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.schema_migrations OWNER TO penstock_owner;

-- Name: backfills; Type: TABLE; Schema: schedule; Owner: penstock_owner

CREATE TABLE schedule.backfills (
    tenant_id uuid NOT NULL,
    backfill_id uuid NOT NULL,
    schedule_id uuid NOT NULL,
    start_at timestamp with time zone NOT NULL,
    end_at timestamp with time zone NOT NULL,
    overlap_policy text NOT NULL,
    state text DEFAULT 'running'::text NOT NULL,
    done_until timestamp with time zone NOT NULL,
    total_instants integer NOT NULL,
    run_instants integer DEFAULT 0 NOT NULL,
    earlier_instants integer DEFAULT 0 NOT NULL,
    wake_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT backfills_overlap_known CHECK ((overlap_policy = ANY (ARRAY['skip'::text, 'buffer_one'::text, 'buffer_all'::text, 'cancel_other'::text, 'terminate_other'::text, 'allow_all'::text]))),
    CONSTRAINT backfills_range CHECK ((start_at <= end_at)),
    CONSTRAINT backfills_running_wakes CHECK (((state = 'running'::text) = (wake_at IS NOT NULL))),
    CONSTRAINT backfills_state_known CHECK ((state = ANY (ARRAY['running'::text, 'completed'::text])))
);

ALTER TABLE ONLY schedule.backfills FORCE ROW LEVEL SECURITY;

ALTER TABLE schedule.backfills OWNER TO penstock_owner;

-- Name: schedule_runs; Type: TABLE; Schema: schedule; Owner: penstock_owner

CREATE TABLE schedule.schedule_runs (
    tenant_id uuid NOT NULL,
    schedule_id uuid NOT NULL,
    nominal_at timestamp with time zone NOT NULL,
    origin text NOT NULL,
    state text NOT NULL,
    reason text,
    note text,
    last_nominal_at timestamp with time zone NOT NULL,
    instants integer DEFAULT 1 NOT NULL,
    overlap_policy text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone DEFAULT now() NOT NULL,
    input json,
    execution_id uuid,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    checked_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    cancel_requested boolean DEFAULT false NOT NULL,
    wake_at timestamp with time zone,
    terminate_requested boolean DEFAULT false NOT NULL,
    CONSTRAINT schedule_runs_instants_positive CHECK ((instants > 0)),
    CONSTRAINT schedule_runs_open_wakes CHECK (((state = ANY (ARRAY['pending'::text, 'running'::text])) = (wake_at IS NOT NULL))),
    CONSTRAINT schedule_runs_origin_known CHECK ((origin = ANY (ARRAY['schedule'::text, 'backfill'::text, 'run_now'::text]))),
    CONSTRAINT schedule_runs_range_is_skipped CHECK (((instants = 1) OR (state = 'skipped'::text))),
    CONSTRAINT schedule_runs_skipped_for_a_reason CHECK (((state <> 'skipped'::text) OR (reason IS NOT NULL))),
    CONSTRAINT schedule_runs_started_has_execution CHECK (((state = ANY (ARRAY['pending'::text, 'buffered'::text, 'skipped'::text, 'failed'::text])) OR (execution_id IS NOT NULL)))
);

ALTER TABLE ONLY schedule.schedule_runs FORCE ROW LEVEL SECURITY;

ALTER TABLE schedule.schedule_runs OWNER TO penstock_owner;

-- Name: scheduled_events; Type: TABLE; Schema: schedule; Owner: penstock_owner

CREATE TABLE schedule.scheduled_events (
    tenant_id uuid NOT NULL,
    schedule_id uuid NOT NULL,
    workflow_id uuid NOT NULL,
    project_id uuid NOT NULL,
    node_id text,
    name text DEFAULT ''::text NOT NULL,
    spec jsonb NOT NULL,
    overlap_policy text DEFAULT 'skip'::text NOT NULL,
    catch_up text DEFAULT 'last'::text NOT NULL,
    catch_up_seconds bigint,
    pause_on_failure boolean DEFAULT false NOT NULL,
    remaining_runs integer,
    data json DEFAULT 'null'::json NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    paused_by text,
    note text DEFAULT ''::text NOT NULL,
    decided_until timestamp with time zone NOT NULL,
    skip_until timestamp with time zone,
    skip_reason text,
    next_nominal timestamp with time zone,
    nextrun timestamp with time zone,
    lastrun timestamp with time zone,
    request_id text,
    request_hash bytea,
    revision bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    forgotten_until timestamp with time zone,
    CONSTRAINT scheduled_events_active_is_looked_at CHECK (((status = 'active'::text) = (nextrun IS NOT NULL))),
    CONSTRAINT scheduled_events_catch_up_known CHECK ((catch_up = ANY (ARRAY['none'::text, 'last'::text, 'all'::text, 'window'::text]))),
    CONSTRAINT scheduled_events_catch_up_positive CHECK ((catch_up_seconds > 0)),
    CONSTRAINT scheduled_events_metadata_object CHECK ((jsonb_typeof(metadata) = 'object'::text)),
    CONSTRAINT scheduled_events_name_length CHECK ((char_length(name) <= 100)),
    CONSTRAINT scheduled_events_node_id_length CHECK (((char_length(node_id) >= 1) AND (char_length(node_id) <= 64))),
    CONSTRAINT scheduled_events_note_length CHECK ((char_length(note) <= 1000)),
    CONSTRAINT scheduled_events_overlap_known CHECK ((overlap_policy = ANY (ARRAY['skip'::text, 'buffer_one'::text, 'buffer_all'::text, 'cancel_other'::text, 'terminate_other'::text, 'allow_all'::text]))),
    CONSTRAINT scheduled_events_paused_by_known CHECK ((paused_by = ANY (ARRAY['caller'::text, 'workflow'::text, 'failure'::text, 'spec'::text]))),
    CONSTRAINT scheduled_events_paused_by_somebody CHECK (((status = 'paused'::text) = (paused_by IS NOT NULL))),
    CONSTRAINT scheduled_events_remaining_not_negative CHECK ((remaining_runs >= 0)),
    CONSTRAINT scheduled_events_request_id_length CHECK (((char_length(request_id) >= 1) AND (char_length(request_id) <= 255))),
    CONSTRAINT scheduled_events_skipped_for_a_reason CHECK (((skip_until IS NOT NULL) = (skip_reason IS NOT NULL))),
    CONSTRAINT scheduled_events_spec_object CHECK ((jsonb_typeof(spec) = 'object'::text)),
    CONSTRAINT scheduled_events_status_known CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'completed'::text]))),
    CONSTRAINT scheduled_events_window_has_seconds CHECK (((catch_up = 'window'::text) = (catch_up_seconds IS NOT NULL)))
);

ALTER TABLE ONLY schedule.scheduled_events FORCE ROW LEVEL SECURITY;

ALTER TABLE schedule.scheduled_events OWNER TO penstock_owner;

-- Name: api_keys; Type: TABLE; Schema: tenancy; Owner: penstock_owner

CREATE TABLE tenancy.api_keys (
    tenant_id uuid NOT NULL,
    api_key_id uuid NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL,
    key_hash bytea NOT NULL,
    role text DEFAULT 'developer'::text NOT NULL,
    user_id uuid,
    project_id uuid,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    last_used_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    replaced_by uuid,
    CONSTRAINT api_keys_hash_length CHECK ((octet_length(key_hash) = 32)),
    CONSTRAINT api_keys_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100))),
    CONSTRAINT api_keys_prefix_form CHECK ((prefix ~ '^pk_(live|test)_[A-Za-z0-9_-]{8}$'::text)),
    CONSTRAINT api_keys_role_known CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'developer'::text, 'operator'::text, 'viewer'::text])))
);

ALTER TABLE ONLY tenancy.api_keys FORCE ROW LEVEL SECURITY;

ALTER TABLE tenancy.api_keys OWNER TO penstock_owner;

-- Name: audit_heads; Type: TABLE; Schema: tenancy; Owner: penstock_owner

CREATE TABLE tenancy.audit_heads (
    tenant_id uuid NOT NULL,
    sequence bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_heads_hash_length CHECK ((octet_length(hash) = 32))
);

ALTER TABLE ONLY tenancy.audit_heads FORCE ROW LEVEL SECURITY;

ALTER TABLE tenancy.audit_heads OWNER TO penstock_owner;

-- Name: audit_log; Type: TABLE; Schema: tenancy; Owner: penstock_owner

CREATE TABLE tenancy.audit_log (
    tenant_id uuid NOT NULL,
    sequence bigint NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    actor_user_id uuid,
    actor_api_key_id uuid,
    actor_service text DEFAULT ''::text NOT NULL,
    action text NOT NULL,
    resource_type text NOT NULL,
    resource_id text NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    request_id text DEFAULT ''::text NOT NULL,
    previous_hash bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_log_action_form CHECK ((action ~ '^[a-z_]+\.[a-z_]+$'::text)),
    CONSTRAINT audit_log_details_object CHECK ((jsonb_typeof(details) = 'object'::text)),
    CONSTRAINT audit_log_hash_length CHECK ((octet_length(hash) = 32)),
    CONSTRAINT audit_log_previous_hash_length CHECK ((octet_length(previous_hash) = 32))
);

ALTER TABLE ONLY tenancy.audit_log FORCE ROW LEVEL SECURITY;

ALTER TABLE tenancy.audit_log OWNER TO penstock_owner;

-- Name: companies; Type: TABLE; Schema: tenancy; Owner: penstock_owner

CREATE TABLE tenancy.companies (
    tenant_id uuid NOT NULL,
    company_id uuid NOT NULL,
    name text NOT NULL,
    properties jsonb DEFAULT '{}'::jsonb NOT NULL,
    request_id text,
    request_hash bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT companies_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255))),
    CONSTRAINT companies_properties_object CHECK ((jsonb_typeof(properties) = 'object'::text)),
    CONSTRAINT companies_request_hash_length CHECK ((octet_length(request_hash) = 32)),
    CONSTRAINT companies_request_id_length CHECK (((char_length(request_id) >= 1) AND (char_length(request_id) <= 255)))
);

ALTER TABLE ONLY tenancy.companies FORCE ROW LEVEL SECURITY;

ALTER TABLE tenancy.companies OWNER TO penstock_owner;

-- Name: projects; Type: TABLE; Schema: tenancy; Owner: penstock_owner

CREATE TABLE tenancy.projects (
    tenant_id uuid NOT NULL,
    project_id uuid NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    is_default boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT projects_description_length CHECK ((char_length(description) <= 500)),
    CONSTRAINT projects_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100)))
);

ALTER TABLE ONLY tenancy.projects FORCE ROW LEVEL SECURITY;

ALTER TABLE tenancy.projects OWNER TO penstock_owner;

-- Name: refresh_tokens; Type: TABLE; Schema: tenancy; Owner: penstock_owner

CREATE TABLE tenancy.refresh_tokens (
    tenant_id uuid NOT NULL,
    session_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    request_hash bytea,
    successor_salt bytea,
    CONSTRAINT refresh_tokens_hash_length CHECK ((octet_length(token_hash) = 32)),
    CONSTRAINT refresh_tokens_request_hash_length CHECK ((octet_length(request_hash) = 32)),
    CONSTRAINT refresh_tokens_request_of_use CHECK (((request_hash IS NULL) OR (used_at IS NOT NULL))),
    CONSTRAINT refresh_tokens_salt_length CHECK ((octet_length(successor_salt) = 32)),
    CONSTRAINT refresh_tokens_used_with_salt CHECK (((used_at IS NULL) = (successor_salt IS NULL)))
);

ALTER TABLE ONLY tenancy.refresh_tokens FORCE ROW LEVEL SECURITY;

ALTER TABLE tenancy.refresh_tokens OWNER TO penstock_owner;

-- Name: roles; Type: TABLE; Schema: tenancy; Owner: penstock_owner

CREATE TABLE tenancy.roles (
    role text NOT NULL,
    rank smallint NOT NULL,
    description text NOT NULL
);

ALTER TABLE tenancy.roles OWNER TO penstock_owner;

-- Name: sessions; Type: TABLE; Schema: tenancy; Owner: penstock_owner

CREATE TABLE tenancy.sessions (
    tenant_id uuid NOT NULL,
    session_id uuid NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    revoked_because text,
    CONSTRAINT sessions_revoked_because_known CHECK ((revoked_because = ANY (ARRAY['logout'::text, 'reuse'::text, 'password_changed'::text, 'password_reset'::text, 'disabled'::text]))),
    CONSTRAINT sessions_revoked_with_reason CHECK (((revoked_at IS NULL) = (revoked_because IS NULL)))
);

ALTER TABLE ONLY tenancy.sessions FORCE ROW LEVEL SECURITY;

ALTER TABLE tenancy.sessions OWNER TO penstock_owner;

-- Name: tenant_companies; Type: TABLE; Schema: tenancy; Owner: penstock_owner

CREATE TABLE tenancy.tenant_companies (
    tenant_id uuid NOT NULL,
    company_id uuid NOT NULL,
    is_default boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT tenant_companies_deleted_is_no_default CHECK (((deleted_at IS NULL) OR (NOT is_default)))
);

ALTER TABLE ONLY tenancy.tenant_companies FORCE ROW LEVEL SECURITY;

ALTER TABLE tenancy.tenant_companies OWNER TO penstock_owner;

-- Name: tenant_email_settings; Type: TABLE; Schema: tenancy; Owner: penstock_owner

CREATE TABLE tenancy.tenant_email_settings (
    tenant_id uuid NOT NULL,
    email_provider text DEFAULT 'smtp'::text NOT NULL,
    provider_configs jsonb DEFAULT '[]'::jsonb NOT NULL,
    fallback_enabled boolean DEFAULT true NOT NULL,
    tracking_enabled boolean DEFAULT false NOT NULL,
    max_daily_emails integer,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tenant_email_settings_configs_array CHECK ((jsonb_typeof(provider_configs) = 'array'::text)),
    CONSTRAINT tenant_email_settings_max_daily_positive CHECK ((max_daily_emails > 0)),
    CONSTRAINT tenant_email_settings_provider_known CHECK ((email_provider = ANY (ARRAY['smtp'::text, 'resend'::text, 'hybrid'::text])))
);

ALTER TABLE ONLY tenancy.tenant_email_settings FORCE ROW LEVEL SECURITY;

ALTER TABLE tenancy.tenant_email_settings OWNER TO penstock_owner;

-- Name: tenant_lifecycles; Type: TABLE; Schema: tenancy; Owner: penstock_owner

CREATE TABLE tenancy.tenant_lifecycles (
    tenant_id uuid NOT NULL,
    state text NOT NULL,
    operation_id uuid,
    previous_status text,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tenant_lifecycles_state_known CHECK ((state = ANY (ARRAY['creating'::text, 'set_up'::text, 'rolled_back'::text, 'suspended'::text, 'purging'::text, 'purged'::text])))
);

ALTER TABLE ONLY tenancy.tenant_lifecycles FORCE ROW LEVEL SECURITY;

ALTER TABLE tenancy.tenant_lifecycles OWNER TO penstock_owner;

-- Name: tenant_settings; Type: TABLE; Schema: tenancy; Owner: penstock_owner

CREATE TABLE tenancy.tenant_settings (
    tenant_id uuid NOT NULL,
    onboarding_completed boolean DEFAULT false NOT NULL,
    onboarding_completed_at timestamp with time zone,
    onboarding_skipped boolean DEFAULT false NOT NULL,
    onboarding_data jsonb DEFAULT '{}'::jsonb NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tenant_settings_completed_with_time CHECK ((onboarding_completed = (onboarding_completed_at IS NOT NULL))),
    CONSTRAINT tenant_settings_onboarding_object CHECK ((jsonb_typeof(onboarding_data) = 'object'::text)),
    CONSTRAINT tenant_settings_settings_object CHECK ((jsonb_typeof(settings) = 'object'::text)),
    CONSTRAINT tenant_settings_size CHECK (((octet_length((onboarding_data)::text) <= 65536) AND (octet_length((settings)::text) <= 65536)))
);

ALTER TABLE ONLY tenancy.tenant_settings FORCE ROW LEVEL SECURITY;

ALTER TABLE tenancy.tenant_settings OWNER TO penstock_owner;

-- Name: tenants; Type: TABLE; Schema: tenancy; Owner: penstock_owner

CREATE TABLE tenancy.tenants (
    tenant_id uuid NOT NULL,
    slug text NOT NULL,
    name text NOT NULL,
    email text,
    plan text DEFAULT 'free'::text NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    webhook_rate_limit integer,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    checkout_session_id text,
    CONSTRAINT tenants_checkout_session_id_length CHECK (((char_length(checkout_session_id) >= 1) AND (char_length(checkout_session_id) <= 255))),
    CONSTRAINT tenants_email_length CHECK (((char_length(email) >= 3) AND (char_length(email) <= 320))),
    CONSTRAINT tenants_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 255))),
    CONSTRAINT tenants_plan_known CHECK ((plan = ANY (ARRAY['free'::text, 'pro'::text, 'enterprise'::text]))),
    CONSTRAINT tenants_slug_form CHECK ((slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'::text)),
    CONSTRAINT tenants_status_known CHECK ((status = ANY (ARRAY['pending'::text, 'active'::text, 'suspended'::text, 'deleting'::text]))),
    CONSTRAINT tenants_webhook_rate_limit_positive CHECK ((webhook_rate_limit > 0))
);

ALTER TABLE ONLY tenancy.tenants FORCE ROW LEVEL SECURITY;

ALTER TABLE tenancy.tenants OWNER TO penstock_owner;

-- Name: user_credentials; Type: TABLE; Schema: tenancy; Owner: penstock_owner

CREATE TABLE tenancy.user_credentials (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    password_hash text NOT NULL,
    must_change boolean DEFAULT false NOT NULL,
    expires_at timestamp with time zone,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_credentials_argon2id CHECK ((password_hash ~ '^\$argon2id\$v=19\$'::text)),
    CONSTRAINT user_credentials_temporary_expires CHECK (((NOT must_change) OR (expires_at IS NOT NULL)))
);

ALTER TABLE ONLY tenancy.user_credentials FORCE ROW LEVEL SECURITY;

ALTER TABLE tenancy.user_credentials OWNER TO penstock_owner;

-- Name: user_profiles; Type: TABLE; Schema: tenancy; Owner: penstock_owner

CREATE TABLE tenancy.user_profiles (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    name text,
    plan_type text DEFAULT 'free'::text NOT NULL,
    usage_count integer DEFAULT 0 NOT NULL,
    subscription_status text DEFAULT 'active'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_profiles_name_length CHECK ((char_length(name) <= 201)),
    CONSTRAINT user_profiles_plan_known CHECK ((plan_type = ANY (ARRAY['free'::text, 'pro'::text, 'enterprise'::text]))),
    CONSTRAINT user_profiles_subscription_known CHECK ((subscription_status = ANY (ARRAY['active'::text, 'cancelled'::text, 'expired'::text]))),
    CONSTRAINT user_profiles_usage_not_negative CHECK ((usage_count >= 0))
);

ALTER TABLE ONLY tenancy.user_profiles FORCE ROW LEVEL SECURITY;

ALTER TABLE tenancy.user_profiles OWNER TO penstock_owner;

-- Name: user_roles; Type: TABLE; Schema: tenancy; Owner: penstock_owner

CREATE TABLE tenancy.user_roles (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text NOT NULL,
    granted_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY tenancy.user_roles FORCE ROW LEVEL SECURITY;

ALTER TABLE tenancy.user_roles OWNER TO penstock_owner;

-- Name: users; Type: TABLE; Schema: tenancy; Owner: penstock_owner

CREATE TABLE tenancy.users (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    email text NOT NULL,
    first_name text DEFAULT ''::text NOT NULL,
    last_name text DEFAULT ''::text NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    last_login_at timestamp with time zone,
    email_key text GENERATED ALWAYS AS (lower(email)) STORED NOT NULL,
    CONSTRAINT users_email_form CHECK ((email ~ '^[^\s@]+@[^\s@]+$'::text)),
    CONSTRAINT users_email_length CHECK (((char_length(email) >= 3) AND (char_length(email) <= 320))),
    CONSTRAINT users_first_name_length CHECK ((char_length(first_name) <= 100)),
    CONSTRAINT users_last_name_length CHECK ((char_length(last_name) <= 100)),
    CONSTRAINT users_status_known CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
);

ALTER TABLE ONLY tenancy.users FORCE ROW LEVEL SECURITY;

ALTER TABLE tenancy.users OWNER TO penstock_owner;

-- Name: event_store; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.event_store (
    event_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    sequence_number bigint NOT NULL,
    event_type text NOT NULL,
    workflow_id uuid,
    job_id uuid,
    status text DEFAULT 'processed'::text NOT NULL,
    payload json NOT NULL,
    "timestamp" timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT event_store_sequence_positive CHECK ((sequence_number > 0))
)
PARTITION BY RANGE (event_id);

ALTER TABLE ONLY workflow.event_store FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.event_store OWNER TO penstock_owner;

-- Name: event_store_default; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.event_store_default (
    event_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    sequence_number bigint NOT NULL,
    event_type text NOT NULL,
    workflow_id uuid,
    job_id uuid,
    status text DEFAULT 'processed'::text NOT NULL,
    payload json NOT NULL,
    "timestamp" timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT event_store_sequence_positive CHECK ((sequence_number > 0))
);

ALTER TABLE ONLY workflow.event_store_default FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.event_store_default OWNER TO penstock_owner;

-- Name: execution_keys; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.execution_keys (
    shard_id smallint NOT NULL,
    tenant_id uuid NOT NULL,
    idempotency_key text NOT NULL,
    execution_id uuid NOT NULL,
    request_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT execution_keys_length CHECK (((char_length(idempotency_key) >= 1) AND (char_length(idempotency_key) <= 512)))
);

ALTER TABLE ONLY workflow.execution_keys FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.execution_keys OWNER TO penstock_owner;

-- Name: node_executions; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.node_executions (
    shard_id smallint NOT NULL,
    execution_id uuid NOT NULL,
    sequence integer NOT NULL,
    tenant_id uuid NOT NULL,
    node_id text NOT NULL,
    node_type text NOT NULL,
    visit integer DEFAULT 1 NOT NULL,
    attempt integer DEFAULT 1 NOT NULL,
    state text NOT NULL,
    branch text,
    taken_edges integer[],
    input json,
    output json,
    error json,
    answer_head json,
    started_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone NOT NULL,
    CONSTRAINT node_executions_sequence_positive CHECK ((sequence > 0)),
    CONSTRAINT node_executions_state_known CHECK ((state = ANY (ARRAY['COMPLETED'::text, 'FAILED'::text, 'SKIPPED'::text, 'CANCELLED'::text])))
)
PARTITION BY RANGE (execution_id);

ALTER TABLE ONLY workflow.node_executions FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.node_executions OWNER TO penstock_owner;

-- Name: node_executions_default; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.node_executions_default (
    shard_id smallint NOT NULL,
    execution_id uuid NOT NULL,
    sequence integer NOT NULL,
    tenant_id uuid NOT NULL,
    node_id text NOT NULL,
    node_type text NOT NULL,
    visit integer DEFAULT 1 NOT NULL,
    attempt integer DEFAULT 1 NOT NULL,
    state text NOT NULL,
    branch text,
    taken_edges integer[],
    input json,
    output json,
    error json,
    answer_head json,
    started_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone NOT NULL,
    CONSTRAINT node_executions_sequence_positive CHECK ((sequence > 0)),
    CONSTRAINT node_executions_state_known CHECK ((state = ANY (ARRAY['COMPLETED'::text, 'FAILED'::text, 'SKIPPED'::text, 'CANCELLED'::text])))
);

ALTER TABLE ONLY workflow.node_executions_default FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.node_executions_default OWNER TO penstock_owner;

-- Name: open_executions; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.open_executions (
    shard_id smallint NOT NULL,
    execution_id uuid NOT NULL,
    tenant_id uuid NOT NULL
);

ALTER TABLE ONLY workflow.open_executions FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.open_executions OWNER TO penstock_owner;

-- Name: open_nodes; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.open_nodes (
    shard_id smallint NOT NULL,
    execution_id uuid NOT NULL,
    node_id text NOT NULL,
    visit integer NOT NULL,
    tenant_id uuid NOT NULL,
    attempt integer NOT NULL,
    state text NOT NULL,
    held_by text NOT NULL,
    wake_at timestamp with time zone,
    token uuid,
    last_error json,
    first_started_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone NOT NULL,
    CONSTRAINT open_nodes_held_by_one CHECK ((held_by = ANY (ARRAY['lease'::text, 'timer'::text, 'token'::text, 'queue'::text, 'signal'::text]))),
    CONSTRAINT open_nodes_state_known CHECK ((state = ANY (ARRAY['PENDING'::text, 'RUNNING'::text, 'WAITING'::text]))),
    CONSTRAINT open_nodes_timer_has_time CHECK (
CASE held_by
    WHEN 'timer'::text THEN (wake_at IS NOT NULL)
    WHEN 'queue'::text THEN true
    WHEN 'signal'::text THEN true
    ELSE (wake_at IS NULL)
END),
    CONSTRAINT open_nodes_token_has_value CHECK (((held_by = 'token'::text) = (token IS NOT NULL)))
)
WITH (fillfactor='70');

ALTER TABLE ONLY workflow.open_nodes FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.open_nodes OWNER TO penstock_owner;

-- Name: payloads; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.payloads (
    tenant_id uuid NOT NULL,
    hash bytea NOT NULL,
    content json NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT payloads_hash_length CHECK ((octet_length(hash) = 32))
);

ALTER TABLE ONLY workflow.payloads FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.payloads OWNER TO penstock_owner;

-- Name: route_generations; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.route_generations (
    tenant_id uuid NOT NULL,
    generation bigint DEFAULT 1 NOT NULL
);

ALTER TABLE ONLY workflow.route_generations FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.route_generations OWNER TO penstock_owner;

-- Name: shard_leases; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.shard_leases (
    shard_id smallint NOT NULL,
    owner uuid,
    epoch bigint DEFAULT 0 NOT NULL,
    CONSTRAINT shard_leases_range CHECK (((shard_id >= 0) AND (shard_id <= 255)))
);

ALTER TABLE workflow.shard_leases OWNER TO penstock_owner;

-- Name: signals; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.signals (
    shard_id smallint NOT NULL,
    execution_id uuid NOT NULL,
    sequence integer NOT NULL,
    tenant_id uuid NOT NULL,
    name text NOT NULL,
    dedupe_id text,
    payload json NOT NULL,
    received_at timestamp with time zone NOT NULL,
    CONSTRAINT signals_dedupe_id_length CHECK (((char_length(dedupe_id) >= 1) AND (char_length(dedupe_id) <= 255))),
    CONSTRAINT signals_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100))),
    CONSTRAINT signals_sequence_positive CHECK ((sequence > 0))
);

ALTER TABLE ONLY workflow.signals FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.signals OWNER TO penstock_owner;

-- Name: signing_secrets; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.signing_secrets (
    tenant_id uuid NOT NULL,
    name text NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT signing_secrets_name_form CHECK ((name ~ '^[A-Za-z0-9_-]{1,64}$'::text))
);

ALTER TABLE ONLY workflow.signing_secrets FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.signing_secrets OWNER TO penstock_owner;

-- Name: task_queues; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.task_queues (
    tenant_id uuid NOT NULL,
    task_queue_id uuid NOT NULL,
    project_id uuid NOT NULL,
    name text NOT NULL,
    channel_display_name text NOT NULL,
    is_default boolean DEFAULT false NOT NULL,
    is_system boolean DEFAULT false NOT NULL,
    max_concurrent_workflows integer,
    max_concurrent_activities integer,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT task_queues_activities_positive CHECK ((max_concurrent_activities > 0)),
    CONSTRAINT task_queues_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100))),
    CONSTRAINT task_queues_workflows_positive CHECK ((max_concurrent_workflows > 0))
);

ALTER TABLE ONLY workflow.task_queues FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.task_queues OWNER TO penstock_owner;

-- Name: timers; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.timers (
    shard_id smallint NOT NULL,
    fires_at timestamp with time zone NOT NULL,
    execution_id uuid NOT NULL,
    purpose text NOT NULL,
    node_id text DEFAULT ''::text NOT NULL,
    visit integer DEFAULT 0 NOT NULL,
    tenant_id uuid NOT NULL,
    CONSTRAINT timers_purpose_known CHECK ((purpose = ANY (ARRAY['node'::text, 'execution_timeout'::text])))
);

ALTER TABLE ONLY workflow.timers FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.timers OWNER TO penstock_owner;

-- Name: triggers; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.triggers (
    tenant_id uuid NOT NULL,
    workflow_id uuid NOT NULL,
    node_id text NOT NULL,
    version integer NOT NULL,
    trigger_type text NOT NULL,
    action_type text NOT NULL,
    config jsonb DEFAULT '{}'::jsonb NOT NULL
);

ALTER TABLE ONLY workflow.triggers FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.triggers OWNER TO penstock_owner;

-- Name: webhooks; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.webhooks (
    webhook_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    trigger_type text NOT NULL,
    action_type text NOT NULL,
    event_type text GENERATED ALWAYS AS (((trigger_type || '.'::text) || action_type)) STORED NOT NULL,
    payload json NOT NULL,
    headers json,
    query json,
    delivery_id text,
    outcome text NOT NULL,
    execution_ids uuid[] NOT NULL,
    redelivery_of uuid,
    received_at timestamp with time zone NOT NULL,
    CONSTRAINT webhooks_outcome_known CHECK ((outcome = ANY (ARRAY['accepted'::text, 'unmatched'::text, 'duplicate'::text, 'rejected'::text])))
)
PARTITION BY RANGE (webhook_id);

ALTER TABLE ONLY workflow.webhooks FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.webhooks OWNER TO penstock_owner;

-- Name: webhooks_default; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.webhooks_default (
    webhook_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    trigger_type text NOT NULL,
    action_type text NOT NULL,
    event_type text GENERATED ALWAYS AS (((trigger_type || '.'::text) || action_type)) STORED NOT NULL,
    payload json NOT NULL,
    headers json,
    query json,
    delivery_id text,
    outcome text NOT NULL,
    execution_ids uuid[] NOT NULL,
    redelivery_of uuid,
    received_at timestamp with time zone NOT NULL,
    CONSTRAINT webhooks_outcome_known CHECK ((outcome = ANY (ARRAY['accepted'::text, 'unmatched'::text, 'duplicate'::text, 'rejected'::text])))
);

ALTER TABLE ONLY workflow.webhooks_default FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.webhooks_default OWNER TO penstock_owner;

-- Name: workflow_executions; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.workflow_executions (
    shard_id smallint NOT NULL,
    execution_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    workflow_id uuid NOT NULL,
    version integer NOT NULL,
    state text NOT NULL,
    ending text,
    trigger_type text NOT NULL,
    trigger_node text NOT NULL,
    input json NOT NULL,
    result json,
    error json,
    idempotency_key text,
    webhook_id uuid,
    metadata json,
    started_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    CONSTRAINT workflow_executions_ending_is_open CHECK (((ending IS NULL) OR (completed_at IS NULL))),
    CONSTRAINT workflow_executions_ending_known CHECK ((ending = ANY (ARRAY['FAILED'::text, 'CANCELLED'::text, 'TIMED_OUT'::text])))
)
PARTITION BY RANGE (execution_id);

ALTER TABLE ONLY workflow.workflow_executions FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.workflow_executions OWNER TO penstock_owner;

-- Name: workflow_executions_default; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.workflow_executions_default (
    shard_id smallint NOT NULL,
    execution_id uuid NOT NULL,
    tenant_id uuid NOT NULL,
    workflow_id uuid NOT NULL,
    version integer NOT NULL,
    state text NOT NULL,
    ending text,
    trigger_type text NOT NULL,
    trigger_node text NOT NULL,
    input json NOT NULL,
    result json,
    error json,
    idempotency_key text,
    webhook_id uuid,
    metadata json,
    started_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    CONSTRAINT workflow_executions_ending_is_open CHECK (((ending IS NULL) OR (completed_at IS NULL))),
    CONSTRAINT workflow_executions_ending_known CHECK ((ending = ANY (ARRAY['FAILED'::text, 'CANCELLED'::text, 'TIMED_OUT'::text])))
);

ALTER TABLE ONLY workflow.workflow_executions_default FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.workflow_executions_default OWNER TO penstock_owner;

-- Name: workflow_versions; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.workflow_versions (
    tenant_id uuid NOT NULL,
    workflow_id uuid NOT NULL,
    version integer NOT NULL,
    nodes jsonb NOT NULL,
    edges jsonb NOT NULL,
    variables jsonb NOT NULL,
    settings jsonb NOT NULL,
    published_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT workflow_versions_positive CHECK ((version > 0))
);

ALTER TABLE ONLY workflow.workflow_versions FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.workflow_versions OWNER TO penstock_owner;

-- Name: workflows; Type: TABLE; Schema: workflow; Owner: penstock_owner

CREATE TABLE workflow.workflows (
    tenant_id uuid NOT NULL,
    workflow_id uuid NOT NULL,
    project_id uuid NOT NULL,
    name text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    service_display_name text NOT NULL,
    status text DEFAULT 'draft'::text NOT NULL,
    version integer DEFAULT 0 NOT NULL,
    nodes jsonb DEFAULT '[]'::jsonb NOT NULL,
    edges jsonb DEFAULT '[]'::jsonb NOT NULL,
    variables jsonb DEFAULT '{}'::jsonb NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    request_id text,
    request_hash bytea,
    revision bigint DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT workflows_description_length CHECK ((char_length(description) <= 500)),
    CONSTRAINT workflows_edges_array CHECK ((jsonb_typeof(edges) = 'array'::text)),
    CONSTRAINT workflows_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 100))),
    CONSTRAINT workflows_nodes_array CHECK ((jsonb_typeof(nodes) = 'array'::text)),
    CONSTRAINT workflows_published_when_matched CHECK (((status <> ALL (ARRAY['active'::text, 'paused'::text])) OR (version > 0))),
    CONSTRAINT workflows_request_id_length CHECK (((char_length(request_id) >= 1) AND (char_length(request_id) <= 255))),
    CONSTRAINT workflows_service_display_name_length CHECK (((char_length(service_display_name) >= 1) AND (char_length(service_display_name) <= 100))),
    CONSTRAINT workflows_settings_object CHECK ((jsonb_typeof(settings) = 'object'::text)),
    CONSTRAINT workflows_status_known CHECK ((status = ANY (ARRAY['draft'::text, 'active'::text, 'paused'::text, 'archived'::text]))),
    CONSTRAINT workflows_variables_object CHECK ((jsonb_typeof(variables) = 'object'::text)),
    CONSTRAINT workflows_version_not_negative CHECK ((version >= 0))
);

ALTER TABLE ONLY workflow.workflows FORCE ROW LEVEL SECURITY;

ALTER TABLE workflow.workflows OWNER TO penstock_owner;

-- Name: event_store_default; Type: TABLE ATTACH; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.event_store ATTACH PARTITION workflow.event_store_default DEFAULT;

-- Name: node_executions_default; Type: TABLE ATTACH; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.node_executions ATTACH PARTITION workflow.node_executions_default DEFAULT;

-- Name: webhooks_default; Type: TABLE ATTACH; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.webhooks ATTACH PARTITION workflow.webhooks_default DEFAULT;

-- Name: workflow_executions_default; Type: TABLE ATTACH; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.workflow_executions ATTACH PARTITION workflow.workflow_executions_default DEFAULT;

-- Name: credential_audit_heads credential_audit_heads_pkey; Type: CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.credential_audit_heads
    ADD CONSTRAINT credential_audit_heads_pkey PRIMARY KEY (tenant_id);

-- Name: credential_audit credential_audit_pkey; Type: CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.credential_audit
    ADD CONSTRAINT credential_audit_pkey PRIMARY KEY (tenant_id, sequence);

-- Name: integration_connectors integration_connectors_pkey; Type: CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.integration_connectors
    ADD CONSTRAINT integration_connectors_pkey PRIMARY KEY (tenant_id, connector_id);

-- Name: key_rotations key_rotations_pkey; Type: CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.key_rotations
    ADD CONSTRAINT key_rotations_pkey PRIMARY KEY (rotation_id);

-- Name: oauth_attempts oauth_attempts_pkey; Type: CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.oauth_attempts
    ADD CONSTRAINT oauth_attempts_pkey PRIMARY KEY (tenant_id, attempt_id);

-- Name: oauth_attempts oauth_attempts_state_hash_unique; Type: CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.oauth_attempts
    ADD CONSTRAINT oauth_attempts_state_hash_unique UNIQUE (state_hash);

-- Name: oauth_attempts oauth_attempts_ticket_hash_unique; Type: CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.oauth_attempts
    ADD CONSTRAINT oauth_attempts_ticket_hash_unique UNIQUE (ticket_hash);

-- Name: oauth_grant_changes oauth_grant_changes_pkey; Type: CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.oauth_grant_changes
    ADD CONSTRAINT oauth_grant_changes_pkey PRIMARY KEY (tenant_id, grant_id, change_id);

-- Name: oauth_grants oauth_grants_pkey; Type: CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.oauth_grants
    ADD CONSTRAINT oauth_grants_pkey PRIMARY KEY (tenant_id, grant_id);

-- Name: project_connectors project_connectors_name_unique; Type: CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.project_connectors
    ADD CONSTRAINT project_connectors_name_unique UNIQUE (tenant_id, source_project_id, name);

-- Name: project_connectors project_connectors_pkey; Type: CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.project_connectors
    ADD CONSTRAINT project_connectors_pkey PRIMARY KEY (tenant_id, project_connector_id);

-- Name: providers providers_pkey; Type: CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.providers
    ADD CONSTRAINT providers_pkey PRIMARY KEY (tenant_id, provider_id);

-- Name: rate_limits rate_limits_pkey; Type: CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.rate_limits
    ADD CONSTRAINT rate_limits_pkey PRIMARY KEY (tenant_id, connector_id);

-- Name: refresh_attempts refresh_attempts_pkey; Type: CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.refresh_attempts
    ADD CONSTRAINT refresh_attempts_pkey PRIMARY KEY (tenant_id, attempt_id);

-- Name: root_keys root_keys_pkey; Type: CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.root_keys
    ADD CONSTRAINT root_keys_pkey PRIMARY KEY (root_key_id);

-- Name: sealed_values sealed_values_pkey; Type: CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.sealed_values
    ADD CONSTRAINT sealed_values_pkey PRIMARY KEY (tenant_id, owner_kind, owner_id, field, value_version);

-- Name: sealed_values sealed_values_version_unique; Type: CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.sealed_values
    ADD CONSTRAINT sealed_values_version_unique UNIQUE (tenant_id, value_version);

-- Name: tenant_keys tenant_keys_pkey; Type: CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.tenant_keys
    ADD CONSTRAINT tenant_keys_pkey PRIMARY KEY (tenant_id, key_version);

-- Name: service_interfaces service_interfaces_name_unique; Type: CONSTRAINT; Schema: interface; Owner: penstock_owner

ALTER TABLE ONLY interface.service_interfaces
    ADD CONSTRAINT service_interfaces_name_unique UNIQUE (tenant_id, service_id, name);

-- Name: service_interfaces service_interfaces_of_service; Type: CONSTRAINT; Schema: interface; Owner: penstock_owner

ALTER TABLE ONLY interface.service_interfaces
    ADD CONSTRAINT service_interfaces_of_service UNIQUE (tenant_id, interface_id, service_id);

-- Name: service_interfaces service_interfaces_pkey; Type: CONSTRAINT; Schema: interface; Owner: penstock_owner

ALTER TABLE ONLY interface.service_interfaces
    ADD CONSTRAINT service_interfaces_pkey PRIMARY KEY (tenant_id, interface_id);

-- Name: schema_migrations schema_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: penstock_owner

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);

-- Name: backfills backfills_pkey; Type: CONSTRAINT; Schema: schedule; Owner: penstock_owner

ALTER TABLE ONLY schedule.backfills
    ADD CONSTRAINT backfills_pkey PRIMARY KEY (tenant_id, backfill_id);

-- Name: schedule_runs schedule_runs_pkey; Type: CONSTRAINT; Schema: schedule; Owner: penstock_owner

ALTER TABLE ONLY schedule.schedule_runs
    ADD CONSTRAINT schedule_runs_pkey PRIMARY KEY (tenant_id, schedule_id, nominal_at);

-- Name: schedule_runs schedule_runs_state_known; Type: CHECK CONSTRAINT; Schema: schedule; Owner: penstock_owner

ALTER TABLE schedule.schedule_runs
    ADD CONSTRAINT schedule_runs_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'buffered'::text, 'running'::text, 'completed'::text, 'failed'::text, 'cancelled'::text, 'timed_out'::text, 'skipped'::text, 'terminated'::text]))) NOT VALID;

-- Name: schedule_runs schedule_runs_terminate_is_cancel; Type: CHECK CONSTRAINT; Schema: schedule; Owner: penstock_owner

ALTER TABLE schedule.schedule_runs
    ADD CONSTRAINT schedule_runs_terminate_is_cancel CHECK ((cancel_requested OR (NOT terminate_requested))) NOT VALID;

-- Name: scheduled_events scheduled_events_pkey; Type: CONSTRAINT; Schema: schedule; Owner: penstock_owner

ALTER TABLE ONLY schedule.scheduled_events
    ADD CONSTRAINT scheduled_events_pkey PRIMARY KEY (tenant_id, schedule_id);

-- Name: api_keys api_keys_hash_unique; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.api_keys
    ADD CONSTRAINT api_keys_hash_unique UNIQUE (key_hash);

-- Name: api_keys api_keys_pkey; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (tenant_id, api_key_id);

-- Name: audit_heads audit_heads_pkey; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.audit_heads
    ADD CONSTRAINT audit_heads_pkey PRIMARY KEY (tenant_id);

-- Name: audit_log audit_log_pkey; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (tenant_id, sequence);

-- Name: companies companies_pkey; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.companies
    ADD CONSTRAINT companies_pkey PRIMARY KEY (tenant_id, company_id);

-- Name: projects projects_name_unique; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.projects
    ADD CONSTRAINT projects_name_unique UNIQUE (tenant_id, name);

-- Name: projects projects_pkey; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.projects
    ADD CONSTRAINT projects_pkey PRIMARY KEY (tenant_id, project_id);

-- Name: refresh_tokens refresh_tokens_pkey; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (tenant_id, session_id, token_hash);

-- Name: roles roles_pkey; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.roles
    ADD CONSTRAINT roles_pkey PRIMARY KEY (role);

-- Name: roles roles_rank_unique; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.roles
    ADD CONSTRAINT roles_rank_unique UNIQUE (rank);

-- Name: sessions sessions_pkey; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (tenant_id, session_id);

-- Name: tenant_companies tenant_companies_pkey; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.tenant_companies
    ADD CONSTRAINT tenant_companies_pkey PRIMARY KEY (tenant_id, company_id);

-- Name: tenant_email_settings tenant_email_settings_pkey; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.tenant_email_settings
    ADD CONSTRAINT tenant_email_settings_pkey PRIMARY KEY (tenant_id);

-- Name: tenant_lifecycles tenant_lifecycles_pkey; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.tenant_lifecycles
    ADD CONSTRAINT tenant_lifecycles_pkey PRIMARY KEY (tenant_id);

-- Name: tenant_settings tenant_settings_pkey; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.tenant_settings
    ADD CONSTRAINT tenant_settings_pkey PRIMARY KEY (tenant_id);

-- Name: tenants tenants_pkey; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (tenant_id);

-- Name: tenants tenants_slug_unique; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.tenants
    ADD CONSTRAINT tenants_slug_unique UNIQUE (slug);

-- Name: user_credentials user_credentials_pkey; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.user_credentials
    ADD CONSTRAINT user_credentials_pkey PRIMARY KEY (tenant_id, user_id);

-- Name: user_profiles user_profiles_pkey; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.user_profiles
    ADD CONSTRAINT user_profiles_pkey PRIMARY KEY (tenant_id, user_id);

-- Name: user_roles user_roles_pkey; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.user_roles
    ADD CONSTRAINT user_roles_pkey PRIMARY KEY (tenant_id, user_id, role);

-- Name: users users_pkey; Type: CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (tenant_id, user_id);

-- Name: engine_members engine_members_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.engine_members
    ADD CONSTRAINT engine_members_pkey PRIMARY KEY (boot_id);

-- Name: event_store event_store_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.event_store
    ADD CONSTRAINT event_store_pkey PRIMARY KEY (tenant_id, sequence_number, event_id);

-- Name: event_store_default event_store_default_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.event_store_default
    ADD CONSTRAINT event_store_default_pkey PRIMARY KEY (tenant_id, sequence_number, event_id);

-- Name: execution_keys execution_keys_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.execution_keys
    ADD CONSTRAINT execution_keys_pkey PRIMARY KEY (shard_id, tenant_id, idempotency_key);

-- Name: node_executions node_executions_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.node_executions
    ADD CONSTRAINT node_executions_pkey PRIMARY KEY (shard_id, execution_id, sequence);

-- Name: node_executions_default node_executions_default_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.node_executions_default
    ADD CONSTRAINT node_executions_default_pkey PRIMARY KEY (shard_id, execution_id, sequence);

-- Name: open_executions open_executions_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.open_executions
    ADD CONSTRAINT open_executions_pkey PRIMARY KEY (shard_id, execution_id);

-- Name: open_nodes open_nodes_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.open_nodes
    ADD CONSTRAINT open_nodes_pkey PRIMARY KEY (shard_id, execution_id, node_id, visit);

-- Name: payloads payloads_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.payloads
    ADD CONSTRAINT payloads_pkey PRIMARY KEY (tenant_id, hash);

-- Name: route_generations route_generations_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.route_generations
    ADD CONSTRAINT route_generations_pkey PRIMARY KEY (tenant_id);

-- Name: shard_leases shard_leases_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.shard_leases
    ADD CONSTRAINT shard_leases_pkey PRIMARY KEY (shard_id);

-- Name: signals signals_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.signals
    ADD CONSTRAINT signals_pkey PRIMARY KEY (shard_id, execution_id, sequence);

-- Name: signing_secrets signing_secrets_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.signing_secrets
    ADD CONSTRAINT signing_secrets_pkey PRIMARY KEY (tenant_id, name);

-- Name: task_queues task_queues_name_unique; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.task_queues
    ADD CONSTRAINT task_queues_name_unique UNIQUE (tenant_id, project_id, name);

-- Name: task_queues task_queues_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.task_queues
    ADD CONSTRAINT task_queues_pkey PRIMARY KEY (tenant_id, task_queue_id);

-- Name: timers timers_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.timers
    ADD CONSTRAINT timers_pkey PRIMARY KEY (shard_id, execution_id, purpose, node_id, visit);

-- Name: triggers triggers_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.triggers
    ADD CONSTRAINT triggers_pkey PRIMARY KEY (tenant_id, workflow_id, node_id);

-- Name: webhooks webhooks_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.webhooks
    ADD CONSTRAINT webhooks_pkey PRIMARY KEY (tenant_id, webhook_id);

-- Name: webhooks_default webhooks_default_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.webhooks_default
    ADD CONSTRAINT webhooks_default_pkey PRIMARY KEY (tenant_id, webhook_id);

-- Name: workflow_executions workflow_executions_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.workflow_executions
    ADD CONSTRAINT workflow_executions_pkey PRIMARY KEY (shard_id, execution_id);

-- Name: workflow_executions_default workflow_executions_default_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.workflow_executions_default
    ADD CONSTRAINT workflow_executions_default_pkey PRIMARY KEY (shard_id, execution_id);

-- Name: workflow_executions workflow_executions_end_when_over; Type: CHECK CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.workflow_executions
    ADD CONSTRAINT workflow_executions_end_when_over CHECK (((completed_at IS NOT NULL) = (state = ANY (ARRAY['COMPLETED'::text, 'FAILED'::text, 'CANCELLED'::text, 'TIMED_OUT'::text, 'TERMINATED'::text])))) NOT VALID;

-- Name: workflow_executions workflow_executions_state_known; Type: CHECK CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.workflow_executions
    ADD CONSTRAINT workflow_executions_state_known CHECK ((state = ANY (ARRAY['CREATED'::text, 'RUNNING'::text, 'PAUSED'::text, 'COMPLETED'::text, 'FAILED'::text, 'CANCELLED'::text, 'TIMED_OUT'::text, 'TERMINATED'::text]))) NOT VALID;

-- Name: workflow_versions workflow_versions_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.workflow_versions
    ADD CONSTRAINT workflow_versions_pkey PRIMARY KEY (tenant_id, workflow_id, version);

-- Name: workflows workflows_of_project; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.workflows
    ADD CONSTRAINT workflows_of_project UNIQUE (tenant_id, workflow_id, project_id);

-- Name: workflows workflows_pkey; Type: CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.workflows
    ADD CONSTRAINT workflows_pkey PRIMARY KEY (tenant_id, workflow_id);

-- Name: credential_audit_by_execution; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX credential_audit_by_execution ON connector.credential_audit USING btree (tenant_id, execution_id, sequence) WHERE (execution_id <> ''::text);

-- Name: credential_audit_by_owner; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX credential_audit_by_owner ON connector.credential_audit USING btree (tenant_id, owner_id, sequence) WHERE (event <> 'outcome'::text);

-- Name: credential_audit_by_time; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX credential_audit_by_time ON connector.credential_audit USING btree (tenant_id, occurred_at);

-- Name: credential_audit_outcomes; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX credential_audit_outcomes ON connector.credential_audit USING btree (tenant_id, use_id) WHERE (event = 'outcome'::text);

-- Name: integration_connectors_by_grant; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX integration_connectors_by_grant ON connector.integration_connectors USING btree (tenant_id, grant_id) WHERE (grant_id IS NOT NULL);

-- Name: integration_connectors_by_service; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX integration_connectors_by_service ON connector.integration_connectors USING btree (tenant_id, service_name);

-- Name: integration_connectors_by_type; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX integration_connectors_by_type ON connector.integration_connectors USING btree (tenant_id, connector_type, connector_name);

-- Name: integration_connectors_name_unique; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE UNIQUE INDEX integration_connectors_name_unique ON connector.integration_connectors USING btree (tenant_id, project_id, connector_name) NULLS NOT DISTINCT;

-- Name: integration_connectors_request_id_unique; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE UNIQUE INDEX integration_connectors_request_id_unique ON connector.integration_connectors USING btree (tenant_id, request_id) WHERE (request_id IS NOT NULL);

-- Name: key_rotations_one_running; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE UNIQUE INDEX key_rotations_one_running ON connector.key_rotations USING btree (state) WHERE (state = 'running'::text);

-- Name: oauth_attempts_by_grant; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX oauth_attempts_by_grant ON connector.oauth_attempts USING btree (tenant_id, grant_id, attempt_id);

-- Name: oauth_attempts_old; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX oauth_attempts_old ON connector.oauth_attempts USING btree (expires_at);

-- Name: oauth_attempts_to_poll; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX oauth_attempts_to_poll ON connector.oauth_attempts USING btree (poll_at) WHERE ((kind = 'device'::text) AND (consumed_at IS NULL));

-- Name: oauth_grants_by_connector; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX oauth_grants_by_connector ON connector.oauth_grants USING btree (tenant_id, connector_id);

-- Name: oauth_grants_due; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX oauth_grants_due ON connector.oauth_grants USING btree (refresh_at) WHERE ((state = ANY (ARRAY['active'::text, 'degraded'::text])) AND (refresh_at IS NOT NULL));

-- Name: project_connectors_by_name; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX project_connectors_by_name ON connector.project_connectors USING btree (tenant_id, name);

-- Name: project_connectors_by_target_interface; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX project_connectors_by_target_interface ON connector.project_connectors USING btree (tenant_id, target_interface_id);

-- Name: project_connectors_by_target_project; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX project_connectors_by_target_project ON connector.project_connectors USING btree (tenant_id, target_project_id, project_connector_id DESC);

-- Name: project_connectors_by_target_service; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX project_connectors_by_target_service ON connector.project_connectors USING btree (tenant_id, target_service_id);

-- Name: refresh_attempts_by_grant; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX refresh_attempts_by_grant ON connector.refresh_attempts USING btree (tenant_id, grant_id, attempt_id);

-- Name: refresh_attempts_old; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX refresh_attempts_old ON connector.refresh_attempts USING btree (started_at);

-- Name: refresh_attempts_open; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX refresh_attempts_open ON connector.refresh_attempts USING btree (tenant_id, grant_id) WHERE (state = ANY (ARRAY['sent'::text, 'unknown'::text, 'candidate'::text]));

-- Name: root_keys_one_active; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE UNIQUE INDEX root_keys_one_active ON connector.root_keys USING btree (state) WHERE (state = 'active'::text);

-- Name: sealed_values_by_key; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE INDEX sealed_values_by_key ON connector.sealed_values USING btree (tenant_id, key_version);

-- Name: sealed_values_one_current; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE UNIQUE INDEX sealed_values_one_current ON connector.sealed_values USING btree (tenant_id, owner_kind, owner_id, field) WHERE is_current;

-- Name: tenant_keys_one_active; Type: INDEX; Schema: connector; Owner: penstock_owner

CREATE UNIQUE INDEX tenant_keys_one_active ON connector.tenant_keys USING btree (tenant_id) WHERE (state = 'active'::text);

-- Name: service_interfaces_by_type; Type: INDEX; Schema: interface; Owner: penstock_owner

CREATE INDEX service_interfaces_by_type ON interface.service_interfaces USING btree (tenant_id, interface_type, interface_id DESC);

-- Name: backfills_by_schedule; Type: INDEX; Schema: schedule; Owner: penstock_owner

CREATE INDEX backfills_by_schedule ON schedule.backfills USING btree (tenant_id, schedule_id, backfill_id DESC);

-- Name: backfills_due; Type: INDEX; Schema: schedule; Owner: penstock_owner

CREATE INDEX backfills_due ON schedule.backfills USING btree (wake_at) WHERE (wake_at IS NOT NULL);

-- Name: schedule_runs_due; Type: INDEX; Schema: schedule; Owner: penstock_owner

CREATE INDEX schedule_runs_due ON schedule.schedule_runs USING btree (wake_at) WHERE (wake_at IS NOT NULL);

-- Name: schedule_runs_open; Type: INDEX; Schema: schedule; Owner: penstock_owner

CREATE INDEX schedule_runs_open ON schedule.schedule_runs USING btree (tenant_id, schedule_id, nominal_at) WHERE (state = ANY (ARRAY['pending'::text, 'buffered'::text, 'running'::text]));

-- Name: schedule_runs_over; Type: INDEX; Schema: schedule; Owner: penstock_owner

CREATE INDEX schedule_runs_over ON schedule.schedule_runs USING btree (COALESCE(ended_at, decided_at)) WHERE ((wake_at IS NULL) AND (state <> 'buffered'::text));

-- Name: scheduled_events_by_workflow; Type: INDEX; Schema: schedule; Owner: penstock_owner

CREATE INDEX scheduled_events_by_workflow ON schedule.scheduled_events USING btree (tenant_id, workflow_id, schedule_id DESC);

-- Name: scheduled_events_due; Type: INDEX; Schema: schedule; Owner: penstock_owner

CREATE INDEX scheduled_events_due ON schedule.scheduled_events USING btree (nextrun) WHERE (nextrun IS NOT NULL);

-- Name: scheduled_events_node_unique; Type: INDEX; Schema: schedule; Owner: penstock_owner

CREATE UNIQUE INDEX scheduled_events_node_unique ON schedule.scheduled_events USING btree (tenant_id, workflow_id, node_id) WHERE (node_id IS NOT NULL);

-- Name: scheduled_events_request_id_unique; Type: INDEX; Schema: schedule; Owner: penstock_owner

CREATE UNIQUE INDEX scheduled_events_request_id_unique ON schedule.scheduled_events USING btree (tenant_id, request_id) WHERE (request_id IS NOT NULL);

-- Name: api_keys_by_project; Type: INDEX; Schema: tenancy; Owner: penstock_owner

CREATE INDEX api_keys_by_project ON tenancy.api_keys USING btree (tenant_id, project_id) WHERE (project_id IS NOT NULL);

-- Name: api_keys_by_user; Type: INDEX; Schema: tenancy; Owner: penstock_owner

CREATE INDEX api_keys_by_user ON tenancy.api_keys USING btree (tenant_id, user_id) WHERE (user_id IS NOT NULL);

-- Name: audit_log_by_action; Type: INDEX; Schema: tenancy; Owner: penstock_owner

CREATE INDEX audit_log_by_action ON tenancy.audit_log USING btree (tenant_id, action, sequence);

-- Name: audit_log_by_resource; Type: INDEX; Schema: tenancy; Owner: penstock_owner

CREATE INDEX audit_log_by_resource ON tenancy.audit_log USING btree (tenant_id, resource_type, resource_id, sequence);

-- Name: audit_log_by_time; Type: INDEX; Schema: tenancy; Owner: penstock_owner

CREATE INDEX audit_log_by_time ON tenancy.audit_log USING btree (tenant_id, occurred_at);

-- Name: companies_request_id_unique; Type: INDEX; Schema: tenancy; Owner: penstock_owner

CREATE UNIQUE INDEX companies_request_id_unique ON tenancy.companies USING btree (tenant_id, request_id) WHERE (request_id IS NOT NULL);

-- Name: projects_one_default; Type: INDEX; Schema: tenancy; Owner: penstock_owner

CREATE UNIQUE INDEX projects_one_default ON tenancy.projects USING btree (tenant_id) WHERE is_default;

-- Name: refresh_tokens_one_unused; Type: INDEX; Schema: tenancy; Owner: penstock_owner

CREATE UNIQUE INDEX refresh_tokens_one_unused ON tenancy.refresh_tokens USING btree (tenant_id, session_id) WHERE (used_at IS NULL);

-- Name: sessions_by_expiry; Type: INDEX; Schema: tenancy; Owner: penstock_owner

CREATE INDEX sessions_by_expiry ON tenancy.sessions USING btree (tenant_id, expires_at);

-- Name: sessions_by_user; Type: INDEX; Schema: tenancy; Owner: penstock_owner

CREATE INDEX sessions_by_user ON tenancy.sessions USING btree (tenant_id, user_id);

-- Name: tenant_companies_one_default; Type: INDEX; Schema: tenancy; Owner: penstock_owner

CREATE UNIQUE INDEX tenant_companies_one_default ON tenancy.tenant_companies USING btree (tenant_id) WHERE is_default;

-- Name: user_roles_by_role; Type: INDEX; Schema: tenancy; Owner: penstock_owner

CREATE INDEX user_roles_by_role ON tenancy.user_roles USING btree (tenant_id, role);

-- Name: users_email_unique; Type: INDEX; Schema: tenancy; Owner: penstock_owner

CREATE UNIQUE INDEX users_email_unique ON tenancy.users USING btree (tenant_id, email_key);

-- Name: event_store_by_workflow; Type: INDEX; Schema: workflow; Owner: penstock_owner

CREATE INDEX event_store_by_workflow ON ONLY workflow.event_store USING btree (tenant_id, workflow_id, sequence_number);

-- Name: event_store_default_tenant_id_workflow_id_sequence_number_idx; Type: INDEX; Schema: workflow; Owner: penstock_owner

CREATE INDEX event_store_default_tenant_id_workflow_id_sequence_number_idx ON workflow.event_store_default USING btree (tenant_id, workflow_id, sequence_number);

-- Name: open_nodes_leased; Type: INDEX; Schema: workflow; Owner: penstock_owner

CREATE INDEX open_nodes_leased ON workflow.open_nodes USING btree (shard_id) WHERE (held_by = 'lease'::text);

-- Name: signals_dedupe; Type: INDEX; Schema: workflow; Owner: penstock_owner

CREATE UNIQUE INDEX signals_dedupe ON workflow.signals USING btree (shard_id, execution_id, dedupe_id) WHERE (dedupe_id IS NOT NULL);

-- Name: task_queues_one_default; Type: INDEX; Schema: workflow; Owner: penstock_owner

CREATE UNIQUE INDEX task_queues_one_default ON workflow.task_queues USING btree (tenant_id, project_id) WHERE is_default;

-- Name: timers_by_time; Type: INDEX; Schema: workflow; Owner: penstock_owner

CREATE INDEX timers_by_time ON workflow.timers USING btree (shard_id, fires_at);

-- Name: triggers_by_route; Type: INDEX; Schema: workflow; Owner: penstock_owner

CREATE INDEX triggers_by_route ON workflow.triggers USING btree (tenant_id, trigger_type, action_type, workflow_id);

-- Name: workflow_executions_by_state; Type: INDEX; Schema: workflow; Owner: penstock_owner

CREATE INDEX workflow_executions_by_state ON ONLY workflow.workflow_executions USING btree (tenant_id, state, execution_id);

-- Name: workflow_executions_by_workflow; Type: INDEX; Schema: workflow; Owner: penstock_owner

CREATE INDEX workflow_executions_by_workflow ON ONLY workflow.workflow_executions USING btree (tenant_id, workflow_id, execution_id);

-- Name: workflow_executions_default_tenant_id_state_execution_id_idx; Type: INDEX; Schema: workflow; Owner: penstock_owner

CREATE INDEX workflow_executions_default_tenant_id_state_execution_id_idx ON workflow.workflow_executions_default USING btree (tenant_id, state, execution_id);

-- Name: workflow_executions_default_tenant_id_workflow_id_execution_idx; Type: INDEX; Schema: workflow; Owner: penstock_owner

CREATE INDEX workflow_executions_default_tenant_id_workflow_id_execution_idx ON workflow.workflow_executions_default USING btree (tenant_id, workflow_id, execution_id);

-- Name: workflows_by_project; Type: INDEX; Schema: workflow; Owner: penstock_owner

CREATE INDEX workflows_by_project ON workflow.workflows USING btree (tenant_id, project_id, workflow_id DESC);

-- Name: workflows_by_status; Type: INDEX; Schema: workflow; Owner: penstock_owner

CREATE INDEX workflows_by_status ON workflow.workflows USING btree (tenant_id, status, workflow_id DESC);

-- Name: workflows_by_tag; Type: INDEX; Schema: workflow; Owner: penstock_owner

CREATE INDEX workflows_by_tag ON workflow.workflows USING gin (tags);

-- Name: workflows_request_id_unique; Type: INDEX; Schema: workflow; Owner: penstock_owner

CREATE UNIQUE INDEX workflows_request_id_unique ON workflow.workflows USING btree (tenant_id, request_id) WHERE (request_id IS NOT NULL);

-- Name: event_store_default_pkey; Type: INDEX ATTACH; Schema: workflow; Owner: penstock_owner

ALTER INDEX workflow.event_store_pkey ATTACH PARTITION workflow.event_store_default_pkey;

-- Name: event_store_default_tenant_id_workflow_id_sequence_number_idx; Type: INDEX ATTACH; Schema: workflow; Owner: penstock_owner

ALTER INDEX workflow.event_store_by_workflow ATTACH PARTITION workflow.event_store_default_tenant_id_workflow_id_sequence_number_idx;

-- Name: node_executions_default_pkey; Type: INDEX ATTACH; Schema: workflow; Owner: penstock_owner

ALTER INDEX workflow.node_executions_pkey ATTACH PARTITION workflow.node_executions_default_pkey;

-- Name: webhooks_default_pkey; Type: INDEX ATTACH; Schema: workflow; Owner: penstock_owner

ALTER INDEX workflow.webhooks_pkey ATTACH PARTITION workflow.webhooks_default_pkey;

-- Name: workflow_executions_default_pkey; Type: INDEX ATTACH; Schema: workflow; Owner: penstock_owner

ALTER INDEX workflow.workflow_executions_pkey ATTACH PARTITION workflow.workflow_executions_default_pkey;

-- Name: workflow_executions_default_tenant_id_state_execution_id_idx; Type: INDEX ATTACH; Schema: workflow; Owner: penstock_owner

ALTER INDEX workflow.workflow_executions_by_state ATTACH PARTITION workflow.workflow_executions_default_tenant_id_state_execution_id_idx;

-- Name: workflow_executions_default_tenant_id_workflow_id_execution_idx; Type: INDEX ATTACH; Schema: workflow; Owner: penstock_owner

ALTER INDEX workflow.workflow_executions_by_workflow ATTACH PARTITION workflow.workflow_executions_default_tenant_id_workflow_id_execution_idx;

-- Name: credential_audit append_only; Type: TRIGGER; Schema: connector; Owner: penstock_owner

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON connector.credential_audit FOR EACH ROW EXECUTE FUNCTION auth.refuse_change();

-- Name: oauth_attempts forget_secrets; Type: TRIGGER; Schema: connector; Owner: penstock_owner

CREATE TRIGGER forget_secrets AFTER DELETE ON connector.oauth_attempts FOR EACH ROW EXECUTE FUNCTION connector.forget_secrets('attempt', 'attempt_id');

-- Name: oauth_grants forget_secrets; Type: TRIGGER; Schema: connector; Owner: penstock_owner

CREATE TRIGGER forget_secrets AFTER DELETE ON connector.oauth_grants FOR EACH ROW EXECUTE FUNCTION connector.forget_secrets('grant', 'grant_id');

-- Name: refresh_attempts forget_secrets; Type: TRIGGER; Schema: connector; Owner: penstock_owner

CREATE TRIGGER forget_secrets AFTER DELETE ON connector.refresh_attempts FOR EACH ROW EXECUTE FUNCTION connector.forget_secrets('attempt', 'attempt_id');

-- Name: project_connectors keep_chain; Type: TRIGGER; Schema: connector; Owner: penstock_owner

CREATE TRIGGER keep_chain BEFORE UPDATE ON connector.project_connectors FOR EACH ROW EXECUTE FUNCTION connector.keep_chain();

-- Name: integration_connectors keep_identity; Type: TRIGGER; Schema: connector; Owner: penstock_owner

CREATE TRIGGER keep_identity BEFORE UPDATE ON connector.integration_connectors FOR EACH ROW EXECUTE FUNCTION connector.keep_identity();

-- Name: credential_audit not_emptied; Type: TRIGGER; Schema: connector; Owner: penstock_owner

CREATE TRIGGER not_emptied BEFORE TRUNCATE ON connector.credential_audit FOR EACH STATEMENT EXECUTE FUNCTION auth.refuse_change();

-- Name: oauth_grants note_grant_change; Type: TRIGGER; Schema: connector; Owner: penstock_owner

CREATE TRIGGER note_grant_change AFTER UPDATE OF state ON connector.oauth_grants FOR EACH ROW WHEN ((old.state IS DISTINCT FROM new.state)) EXECUTE FUNCTION connector.note_grant_change();

-- Name: integration_connectors touch_updated_at; Type: TRIGGER; Schema: connector; Owner: penstock_owner

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON connector.integration_connectors FOR EACH ROW WHEN ((new.version <> old.version)) EXECUTE FUNCTION auth.touch_updated_at();

-- Name: key_rotations touch_updated_at; Type: TRIGGER; Schema: connector; Owner: penstock_owner

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON connector.key_rotations FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- Name: oauth_grants touch_updated_at; Type: TRIGGER; Schema: connector; Owner: penstock_owner

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON connector.oauth_grants FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- Name: project_connectors touch_updated_at; Type: TRIGGER; Schema: connector; Owner: penstock_owner

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON connector.project_connectors FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- Name: providers touch_updated_at; Type: TRIGGER; Schema: connector; Owner: penstock_owner

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON connector.providers FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- Name: root_keys touch_updated_at; Type: TRIGGER; Schema: connector; Owner: penstock_owner

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON connector.root_keys FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- Name: tenant_keys touch_updated_at; Type: TRIGGER; Schema: connector; Owner: penstock_owner

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON connector.tenant_keys FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- Name: service_interfaces keep_identity; Type: TRIGGER; Schema: interface; Owner: penstock_owner

CREATE TRIGGER keep_identity BEFORE UPDATE ON interface.service_interfaces FOR EACH ROW EXECUTE FUNCTION interface.keep_identity();

-- Name: service_interfaces touch_updated_at; Type: TRIGGER; Schema: interface; Owner: penstock_owner

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON interface.service_interfaces FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- Name: schedule_runs ended_is_final; Type: TRIGGER; Schema: schedule; Owner: penstock_owner

CREATE TRIGGER ended_is_final BEFORE UPDATE ON schedule.schedule_runs FOR EACH ROW WHEN ((old.state = ANY (ARRAY['completed'::text, 'failed'::text, 'cancelled'::text, 'timed_out'::text, 'terminated'::text]))) EXECUTE FUNCTION schedule.refuse_change_of_ended();

-- Name: backfills touch_updated_at; Type: TRIGGER; Schema: schedule; Owner: penstock_owner

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON schedule.backfills FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- Name: audit_log append_only; Type: TRIGGER; Schema: tenancy; Owner: penstock_owner

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON tenancy.audit_log FOR EACH ROW EXECUTE FUNCTION auth.refuse_change();

-- Name: audit_log chain; Type: TRIGGER; Schema: tenancy; Owner: penstock_owner

CREATE TRIGGER chain BEFORE INSERT ON tenancy.audit_log FOR EACH ROW EXECUTE FUNCTION tenancy.chain_audit_row();

-- Name: users make_profile; Type: TRIGGER; Schema: tenancy; Owner: penstock_owner

CREATE TRIGGER make_profile AFTER INSERT ON tenancy.users FOR EACH ROW EXECUTE FUNCTION tenancy.make_user_profile();

-- Name: audit_log not_emptied; Type: TRIGGER; Schema: tenancy; Owner: penstock_owner

CREATE TRIGGER not_emptied BEFORE TRUNCATE ON tenancy.audit_log FOR EACH STATEMENT EXECUTE FUNCTION auth.refuse_change();

-- Name: companies touch_updated_at; Type: TRIGGER; Schema: tenancy; Owner: penstock_owner

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON tenancy.companies FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- Name: projects touch_updated_at; Type: TRIGGER; Schema: tenancy; Owner: penstock_owner

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON tenancy.projects FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- Name: tenant_email_settings touch_updated_at; Type: TRIGGER; Schema: tenancy; Owner: penstock_owner

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON tenancy.tenant_email_settings FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- Name: tenant_lifecycles touch_updated_at; Type: TRIGGER; Schema: tenancy; Owner: penstock_owner

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON tenancy.tenant_lifecycles FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- Name: tenant_settings touch_updated_at; Type: TRIGGER; Schema: tenancy; Owner: penstock_owner

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON tenancy.tenant_settings FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- Name: tenants touch_updated_at; Type: TRIGGER; Schema: tenancy; Owner: penstock_owner

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON tenancy.tenants FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- Name: user_profiles touch_updated_at; Type: TRIGGER; Schema: tenancy; Owner: penstock_owner

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON tenancy.user_profiles FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- Name: users touch_updated_at; Type: TRIGGER; Schema: tenancy; Owner: penstock_owner

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON tenancy.users FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- Name: event_store append_only; Type: TRIGGER; Schema: workflow; Owner: penstock_owner

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON workflow.event_store FOR EACH ROW EXECUTE FUNCTION auth.refuse_change();

-- Name: workflow_executions ended_is_final; Type: TRIGGER; Schema: workflow; Owner: penstock_owner

CREATE TRIGGER ended_is_final BEFORE UPDATE ON workflow.workflow_executions FOR EACH ROW WHEN ((old.completed_at IS NOT NULL)) EXECUTE FUNCTION workflow.refuse_change_of_ended();

-- Name: node_executions immutable; Type: TRIGGER; Schema: workflow; Owner: penstock_owner

CREATE TRIGGER immutable BEFORE UPDATE ON workflow.node_executions FOR EACH ROW EXECUTE FUNCTION auth.refuse_change();

-- Name: signals immutable; Type: TRIGGER; Schema: workflow; Owner: penstock_owner

CREATE TRIGGER immutable BEFORE UPDATE ON workflow.signals FOR EACH ROW EXECUTE FUNCTION auth.refuse_change();

-- Name: webhooks immutable; Type: TRIGGER; Schema: workflow; Owner: penstock_owner

CREATE TRIGGER immutable BEFORE UPDATE ON workflow.webhooks FOR EACH ROW EXECUTE FUNCTION auth.refuse_change();

-- Name: workflow_versions immutable; Type: TRIGGER; Schema: workflow; Owner: penstock_owner

CREATE TRIGGER immutable BEFORE UPDATE ON workflow.workflow_versions FOR EACH ROW EXECUTE FUNCTION auth.refuse_change();

-- Name: task_queues touch_updated_at; Type: TRIGGER; Schema: workflow; Owner: penstock_owner

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON workflow.task_queues FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- Name: workflows touch_updated_at; Type: TRIGGER; Schema: workflow; Owner: penstock_owner

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON workflow.workflows FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- Name: integration_connectors integration_connectors_grant_exists; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.integration_connectors
    ADD CONSTRAINT integration_connectors_grant_exists FOREIGN KEY (tenant_id, grant_id) REFERENCES connector.oauth_grants(tenant_id, grant_id) ON DELETE SET NULL (grant_id);

-- Name: integration_connectors integration_connectors_project_exists; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.integration_connectors
    ADD CONSTRAINT integration_connectors_project_exists FOREIGN KEY (tenant_id, project_id) REFERENCES tenancy.projects(tenant_id, project_id) ON DELETE CASCADE;

-- Name: integration_connectors integration_connectors_tenant_id_fkey; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.integration_connectors
    ADD CONSTRAINT integration_connectors_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: oauth_attempts oauth_attempts_grant_exists; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.oauth_attempts
    ADD CONSTRAINT oauth_attempts_grant_exists FOREIGN KEY (tenant_id, grant_id) REFERENCES connector.oauth_grants(tenant_id, grant_id) ON DELETE CASCADE;

-- Name: oauth_attempts oauth_attempts_tenant_id_fkey; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.oauth_attempts
    ADD CONSTRAINT oauth_attempts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: oauth_grant_changes oauth_grant_changes_grant_exists; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.oauth_grant_changes
    ADD CONSTRAINT oauth_grant_changes_grant_exists FOREIGN KEY (tenant_id, grant_id) REFERENCES connector.oauth_grants(tenant_id, grant_id) ON DELETE CASCADE;

-- Name: oauth_grant_changes oauth_grant_changes_tenant_id_fkey; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.oauth_grant_changes
    ADD CONSTRAINT oauth_grant_changes_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: oauth_grants oauth_grants_connector_exists; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.oauth_grants
    ADD CONSTRAINT oauth_grants_connector_exists FOREIGN KEY (tenant_id, connector_id) REFERENCES connector.integration_connectors(tenant_id, connector_id) ON DELETE CASCADE;

-- Name: oauth_grants oauth_grants_tenant_id_fkey; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.oauth_grants
    ADD CONSTRAINT oauth_grants_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: project_connectors project_connectors_interface_of_service; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.project_connectors
    ADD CONSTRAINT project_connectors_interface_of_service FOREIGN KEY (tenant_id, target_interface_id, target_service_id) REFERENCES interface.service_interfaces(tenant_id, interface_id, service_id) ON DELETE CASCADE;

-- Name: project_connectors project_connectors_service_of_project; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.project_connectors
    ADD CONSTRAINT project_connectors_service_of_project FOREIGN KEY (tenant_id, target_service_id, target_project_id) REFERENCES workflow.workflows(tenant_id, workflow_id, project_id) ON DELETE CASCADE;

-- Name: project_connectors project_connectors_source_project_exists; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.project_connectors
    ADD CONSTRAINT project_connectors_source_project_exists FOREIGN KEY (tenant_id, source_project_id) REFERENCES tenancy.projects(tenant_id, project_id) ON DELETE CASCADE;

-- Name: project_connectors project_connectors_target_project_exists; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.project_connectors
    ADD CONSTRAINT project_connectors_target_project_exists FOREIGN KEY (tenant_id, target_project_id) REFERENCES tenancy.projects(tenant_id, project_id) ON DELETE CASCADE;

-- Name: project_connectors project_connectors_tenant_id_fkey; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.project_connectors
    ADD CONSTRAINT project_connectors_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: providers providers_tenant_id_fkey; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.providers
    ADD CONSTRAINT providers_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: rate_limits rate_limits_connector_exists; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.rate_limits
    ADD CONSTRAINT rate_limits_connector_exists FOREIGN KEY (tenant_id, connector_id) REFERENCES connector.integration_connectors(tenant_id, connector_id) ON DELETE CASCADE;

-- Name: refresh_attempts refresh_attempts_grant_exists; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.refresh_attempts
    ADD CONSTRAINT refresh_attempts_grant_exists FOREIGN KEY (tenant_id, grant_id) REFERENCES connector.oauth_grants(tenant_id, grant_id) ON DELETE CASCADE;

-- Name: refresh_attempts refresh_attempts_tenant_id_fkey; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.refresh_attempts
    ADD CONSTRAINT refresh_attempts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: sealed_values sealed_values_key_exists; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.sealed_values
    ADD CONSTRAINT sealed_values_key_exists FOREIGN KEY (tenant_id, key_version) REFERENCES connector.tenant_keys(tenant_id, key_version);

-- Name: sealed_values sealed_values_tenant_id_fkey; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.sealed_values
    ADD CONSTRAINT sealed_values_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: tenant_keys tenant_keys_root_key_exists; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.tenant_keys
    ADD CONSTRAINT tenant_keys_root_key_exists FOREIGN KEY (root_key_id) REFERENCES connector.root_keys(root_key_id);

-- Name: tenant_keys tenant_keys_tenant_id_fkey; Type: FK CONSTRAINT; Schema: connector; Owner: penstock_owner

ALTER TABLE ONLY connector.tenant_keys
    ADD CONSTRAINT tenant_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: service_interfaces service_interfaces_service_exists; Type: FK CONSTRAINT; Schema: interface; Owner: penstock_owner

ALTER TABLE ONLY interface.service_interfaces
    ADD CONSTRAINT service_interfaces_service_exists FOREIGN KEY (tenant_id, service_id) REFERENCES workflow.workflows(tenant_id, workflow_id) ON DELETE CASCADE;

-- Name: service_interfaces service_interfaces_tenant_id_fkey; Type: FK CONSTRAINT; Schema: interface; Owner: penstock_owner

ALTER TABLE ONLY interface.service_interfaces
    ADD CONSTRAINT service_interfaces_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: backfills backfills_tenant_id_schedule_id_fkey; Type: FK CONSTRAINT; Schema: schedule; Owner: penstock_owner

ALTER TABLE ONLY schedule.backfills
    ADD CONSTRAINT backfills_tenant_id_schedule_id_fkey FOREIGN KEY (tenant_id, schedule_id) REFERENCES schedule.scheduled_events(tenant_id, schedule_id) ON DELETE CASCADE;

-- Name: schedule_runs schedule_runs_tenant_id_schedule_id_fkey; Type: FK CONSTRAINT; Schema: schedule; Owner: penstock_owner

ALTER TABLE ONLY schedule.schedule_runs
    ADD CONSTRAINT schedule_runs_tenant_id_schedule_id_fkey FOREIGN KEY (tenant_id, schedule_id) REFERENCES schedule.scheduled_events(tenant_id, schedule_id) ON DELETE CASCADE;

-- Name: scheduled_events scheduled_events_tenant_id_fkey; Type: FK CONSTRAINT; Schema: schedule; Owner: penstock_owner

ALTER TABLE ONLY schedule.scheduled_events
    ADD CONSTRAINT scheduled_events_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: scheduled_events scheduled_events_tenant_id_workflow_id_fkey; Type: FK CONSTRAINT; Schema: schedule; Owner: penstock_owner

ALTER TABLE ONLY schedule.scheduled_events
    ADD CONSTRAINT scheduled_events_tenant_id_workflow_id_fkey FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflow.workflows(tenant_id, workflow_id) ON DELETE CASCADE;

-- Name: api_keys api_keys_tenant_id_fkey; Type: FK CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.api_keys
    ADD CONSTRAINT api_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: api_keys api_keys_tenant_id_project_id_fkey; Type: FK CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.api_keys
    ADD CONSTRAINT api_keys_tenant_id_project_id_fkey FOREIGN KEY (tenant_id, project_id) REFERENCES tenancy.projects(tenant_id, project_id) ON DELETE CASCADE;

-- Name: api_keys api_keys_tenant_id_user_id_fkey; Type: FK CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.api_keys
    ADD CONSTRAINT api_keys_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES tenancy.users(tenant_id, user_id) ON DELETE CASCADE;

-- Name: companies companies_tenant_id_fkey; Type: FK CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.companies
    ADD CONSTRAINT companies_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: projects projects_tenant_id_fkey; Type: FK CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.projects
    ADD CONSTRAINT projects_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: refresh_tokens refresh_tokens_session_exists; Type: FK CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.refresh_tokens
    ADD CONSTRAINT refresh_tokens_session_exists FOREIGN KEY (tenant_id, session_id) REFERENCES tenancy.sessions(tenant_id, session_id) ON DELETE CASCADE;

-- Name: sessions sessions_user_exists; Type: FK CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.sessions
    ADD CONSTRAINT sessions_user_exists FOREIGN KEY (tenant_id, user_id) REFERENCES tenancy.users(tenant_id, user_id) ON DELETE CASCADE;

-- Name: tenant_companies tenant_companies_company_exists; Type: FK CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.tenant_companies
    ADD CONSTRAINT tenant_companies_company_exists FOREIGN KEY (tenant_id, company_id) REFERENCES tenancy.companies(tenant_id, company_id) ON DELETE CASCADE;

-- Name: tenant_email_settings tenant_email_settings_tenant_id_fkey; Type: FK CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.tenant_email_settings
    ADD CONSTRAINT tenant_email_settings_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: tenant_settings tenant_settings_tenant_id_fkey; Type: FK CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.tenant_settings
    ADD CONSTRAINT tenant_settings_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: user_credentials user_credentials_user_exists; Type: FK CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.user_credentials
    ADD CONSTRAINT user_credentials_user_exists FOREIGN KEY (tenant_id, user_id) REFERENCES tenancy.users(tenant_id, user_id) ON DELETE CASCADE;

-- Name: user_profiles user_profiles_user_exists; Type: FK CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.user_profiles
    ADD CONSTRAINT user_profiles_user_exists FOREIGN KEY (tenant_id, user_id) REFERENCES tenancy.users(tenant_id, user_id) ON DELETE CASCADE;

-- Name: user_roles user_roles_role_known; Type: FK CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.user_roles
    ADD CONSTRAINT user_roles_role_known FOREIGN KEY (role) REFERENCES tenancy.roles(role);

-- Name: user_roles user_roles_user_exists; Type: FK CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.user_roles
    ADD CONSTRAINT user_roles_user_exists FOREIGN KEY (tenant_id, user_id) REFERENCES tenancy.users(tenant_id, user_id) ON DELETE CASCADE;

-- Name: users users_tenant_id_fkey; Type: FK CONSTRAINT; Schema: tenancy; Owner: penstock_owner

ALTER TABLE ONLY tenancy.users
    ADD CONSTRAINT users_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: route_generations route_generations_tenant_id_fkey; Type: FK CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.route_generations
    ADD CONSTRAINT route_generations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: signing_secrets signing_secrets_tenant_id_fkey; Type: FK CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.signing_secrets
    ADD CONSTRAINT signing_secrets_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: task_queues task_queues_tenant_id_fkey; Type: FK CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.task_queues
    ADD CONSTRAINT task_queues_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: task_queues task_queues_tenant_id_project_id_fkey; Type: FK CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.task_queues
    ADD CONSTRAINT task_queues_tenant_id_project_id_fkey FOREIGN KEY (tenant_id, project_id) REFERENCES tenancy.projects(tenant_id, project_id) ON DELETE CASCADE;

-- Name: triggers triggers_tenant_id_workflow_id_version_fkey; Type: FK CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.triggers
    ADD CONSTRAINT triggers_tenant_id_workflow_id_version_fkey FOREIGN KEY (tenant_id, workflow_id, version) REFERENCES workflow.workflow_versions(tenant_id, workflow_id, version) ON DELETE CASCADE;

-- Name: workflow_versions workflow_versions_tenant_id_workflow_id_fkey; Type: FK CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.workflow_versions
    ADD CONSTRAINT workflow_versions_tenant_id_workflow_id_fkey FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflow.workflows(tenant_id, workflow_id) ON DELETE CASCADE;

-- Name: workflows workflows_project_exists; Type: FK CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.workflows
    ADD CONSTRAINT workflows_project_exists FOREIGN KEY (tenant_id, project_id) REFERENCES tenancy.projects(tenant_id, project_id);

-- Name: workflows workflows_tenant_id_fkey; Type: FK CONSTRAINT; Schema: workflow; Owner: penstock_owner

ALTER TABLE ONLY workflow.workflows
    ADD CONSTRAINT workflows_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenancy.tenants(tenant_id) ON DELETE CASCADE;

-- Name: oauth_attempts by_secret; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY by_secret ON connector.oauth_attempts TO penstock_owner USING (true) WITH CHECK (true);

-- Name: credential_audit chain; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY chain ON connector.credential_audit TO penstock_owner USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: credential_audit_heads chain; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY chain ON connector.credential_audit_heads TO penstock_owner USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: credential_audit; Type: ROW SECURITY; Schema: connector; Owner: penstock_owner

ALTER TABLE connector.credential_audit ENABLE ROW LEVEL SECURITY;

-- Name: credential_audit_heads; Type: ROW SECURITY; Schema: connector; Owner: penstock_owner

ALTER TABLE connector.credential_audit_heads ENABLE ROW LEVEL SECURITY;

-- Name: oauth_grants due; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY due ON connector.oauth_grants FOR SELECT TO penstock_owner USING (true);

-- Name: sealed_values forget; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY forget ON connector.sealed_values TO penstock_owner USING ((owner_kind = ANY (ARRAY['grant'::text, 'attempt'::text])));

-- Name: integration_connectors; Type: ROW SECURITY; Schema: connector; Owner: penstock_owner

ALTER TABLE connector.integration_connectors ENABLE ROW LEVEL SECURITY;

-- Name: credential_audit lifecycle; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY lifecycle ON connector.credential_audit TO penstock_admin USING (true) WITH CHECK (true);

-- Name: credential_audit_heads lifecycle; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY lifecycle ON connector.credential_audit_heads TO penstock_admin USING (true) WITH CHECK (true);

-- Name: integration_connectors lifecycle; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY lifecycle ON connector.integration_connectors TO penstock_admin USING (true) WITH CHECK (true);

-- Name: oauth_attempts lifecycle; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY lifecycle ON connector.oauth_attempts TO penstock_admin USING (true) WITH CHECK (true);

-- Name: oauth_grant_changes lifecycle; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY lifecycle ON connector.oauth_grant_changes TO penstock_admin USING (true) WITH CHECK (true);

-- Name: oauth_grants lifecycle; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY lifecycle ON connector.oauth_grants TO penstock_admin USING (true) WITH CHECK (true);

-- Name: project_connectors lifecycle; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY lifecycle ON connector.project_connectors TO penstock_admin USING (true) WITH CHECK (true);

-- Name: providers lifecycle; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY lifecycle ON connector.providers TO penstock_admin USING (true) WITH CHECK (true);

-- Name: rate_limits lifecycle; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY lifecycle ON connector.rate_limits TO penstock_admin USING (true) WITH CHECK (true);

-- Name: refresh_attempts lifecycle; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY lifecycle ON connector.refresh_attempts TO penstock_admin USING (true) WITH CHECK (true);

-- Name: sealed_values lifecycle; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY lifecycle ON connector.sealed_values TO penstock_admin USING (true) WITH CHECK (true);

-- Name: tenant_keys lifecycle; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY lifecycle ON connector.tenant_keys TO penstock_admin USING (true) WITH CHECK (true);

-- Name: oauth_attempts; Type: ROW SECURITY; Schema: connector; Owner: penstock_owner

ALTER TABLE connector.oauth_attempts ENABLE ROW LEVEL SECURITY;

-- Name: oauth_grant_changes; Type: ROW SECURITY; Schema: connector; Owner: penstock_owner

ALTER TABLE connector.oauth_grant_changes ENABLE ROW LEVEL SECURITY;

-- Name: oauth_grants; Type: ROW SECURITY; Schema: connector; Owner: penstock_owner

ALTER TABLE connector.oauth_grants ENABLE ROW LEVEL SECURITY;

-- Name: refresh_attempts old; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY old ON connector.refresh_attempts TO penstock_owner USING ((started_at < (now() - '90 days'::interval)));

-- Name: credential_audit own_rows_delete; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_delete ON connector.credential_audit FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: credential_audit_heads own_rows_delete; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_delete ON connector.credential_audit_heads FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: integration_connectors own_rows_delete; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_delete ON connector.integration_connectors FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: oauth_attempts own_rows_delete; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_delete ON connector.oauth_attempts FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: oauth_grant_changes own_rows_delete; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_delete ON connector.oauth_grant_changes FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: oauth_grants own_rows_delete; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_delete ON connector.oauth_grants FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: project_connectors own_rows_delete; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_delete ON connector.project_connectors FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: providers own_rows_delete; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_delete ON connector.providers FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: rate_limits own_rows_delete; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_delete ON connector.rate_limits FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: refresh_attempts own_rows_delete; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_delete ON connector.refresh_attempts FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: sealed_values own_rows_delete; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_delete ON connector.sealed_values FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_keys own_rows_delete; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_delete ON connector.tenant_keys FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: credential_audit own_rows_insert; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_insert ON connector.credential_audit FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: credential_audit_heads own_rows_insert; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_insert ON connector.credential_audit_heads FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: integration_connectors own_rows_insert; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_insert ON connector.integration_connectors FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: oauth_attempts own_rows_insert; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_insert ON connector.oauth_attempts FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: oauth_grant_changes own_rows_insert; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_insert ON connector.oauth_grant_changes FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: oauth_grants own_rows_insert; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_insert ON connector.oauth_grants FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: project_connectors own_rows_insert; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_insert ON connector.project_connectors FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: providers own_rows_insert; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_insert ON connector.providers FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: rate_limits own_rows_insert; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_insert ON connector.rate_limits FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: refresh_attempts own_rows_insert; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_insert ON connector.refresh_attempts FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: sealed_values own_rows_insert; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_insert ON connector.sealed_values FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_keys own_rows_insert; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_insert ON connector.tenant_keys FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: credential_audit own_rows_select; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_select ON connector.credential_audit FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: credential_audit_heads own_rows_select; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_select ON connector.credential_audit_heads FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: integration_connectors own_rows_select; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_select ON connector.integration_connectors FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: oauth_attempts own_rows_select; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_select ON connector.oauth_attempts FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: oauth_grant_changes own_rows_select; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_select ON connector.oauth_grant_changes FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: oauth_grants own_rows_select; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_select ON connector.oauth_grants FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: project_connectors own_rows_select; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_select ON connector.project_connectors FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: providers own_rows_select; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_select ON connector.providers FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: rate_limits own_rows_select; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_select ON connector.rate_limits FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: refresh_attempts own_rows_select; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_select ON connector.refresh_attempts FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: sealed_values own_rows_select; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_select ON connector.sealed_values FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_keys own_rows_select; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_select ON connector.tenant_keys FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: credential_audit own_rows_update; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_update ON connector.credential_audit FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: credential_audit_heads own_rows_update; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_update ON connector.credential_audit_heads FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: integration_connectors own_rows_update; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_update ON connector.integration_connectors FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: oauth_attempts own_rows_update; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_update ON connector.oauth_attempts FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: oauth_grant_changes own_rows_update; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_update ON connector.oauth_grant_changes FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: oauth_grants own_rows_update; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_update ON connector.oauth_grants FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: project_connectors own_rows_update; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_update ON connector.project_connectors FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: providers own_rows_update; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_update ON connector.providers FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: rate_limits own_rows_update; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_update ON connector.rate_limits FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: refresh_attempts own_rows_update; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_update ON connector.refresh_attempts FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: sealed_values own_rows_update; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_update ON connector.sealed_values FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_keys own_rows_update; Type: POLICY; Schema: connector; Owner: penstock_owner

CREATE POLICY own_rows_update ON connector.tenant_keys FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: project_connectors; Type: ROW SECURITY; Schema: connector; Owner: penstock_owner

ALTER TABLE connector.project_connectors ENABLE ROW LEVEL SECURITY;

-- Name: providers; Type: ROW SECURITY; Schema: connector; Owner: penstock_owner

ALTER TABLE connector.providers ENABLE ROW LEVEL SECURITY;

-- Name: rate_limits; Type: ROW SECURITY; Schema: connector; Owner: penstock_owner

ALTER TABLE connector.rate_limits ENABLE ROW LEVEL SECURITY;

-- Name: refresh_attempts; Type: ROW SECURITY; Schema: connector; Owner: penstock_owner

ALTER TABLE connector.refresh_attempts ENABLE ROW LEVEL SECURITY;

-- Name: sealed_values; Type: ROW SECURITY; Schema: connector; Owner: penstock_owner

ALTER TABLE connector.sealed_values ENABLE ROW LEVEL SECURITY;

-- Name: tenant_keys; Type: ROW SECURITY; Schema: connector; Owner: penstock_owner

ALTER TABLE connector.tenant_keys ENABLE ROW LEVEL SECURITY;

-- Name: service_interfaces lifecycle; Type: POLICY; Schema: interface; Owner: penstock_owner

CREATE POLICY lifecycle ON interface.service_interfaces TO penstock_admin USING (true) WITH CHECK (true);

-- Name: service_interfaces own_rows_delete; Type: POLICY; Schema: interface; Owner: penstock_owner

CREATE POLICY own_rows_delete ON interface.service_interfaces FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: service_interfaces own_rows_insert; Type: POLICY; Schema: interface; Owner: penstock_owner

CREATE POLICY own_rows_insert ON interface.service_interfaces FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: service_interfaces own_rows_select; Type: POLICY; Schema: interface; Owner: penstock_owner

CREATE POLICY own_rows_select ON interface.service_interfaces FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: service_interfaces own_rows_update; Type: POLICY; Schema: interface; Owner: penstock_owner

CREATE POLICY own_rows_update ON interface.service_interfaces FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: service_interfaces; Type: ROW SECURITY; Schema: interface; Owner: penstock_owner

ALTER TABLE interface.service_interfaces ENABLE ROW LEVEL SECURITY;

-- Name: backfills; Type: ROW SECURITY; Schema: schedule; Owner: penstock_owner

ALTER TABLE schedule.backfills ENABLE ROW LEVEL SECURITY;

-- Name: backfills lifecycle; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY lifecycle ON schedule.backfills TO penstock_admin USING (true) WITH CHECK (true);

-- Name: schedule_runs lifecycle; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY lifecycle ON schedule.schedule_runs TO penstock_admin USING (true) WITH CHECK (true);

-- Name: scheduled_events lifecycle; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY lifecycle ON schedule.scheduled_events TO penstock_admin USING (true) WITH CHECK (true);

-- Name: backfills lock; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY lock ON schedule.backfills FOR UPDATE TO penstock_owner USING (true) WITH CHECK (false);

-- Name: schedule_runs lock; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY lock ON schedule.schedule_runs FOR UPDATE TO penstock_owner USING (true) WITH CHECK (false);

-- Name: scheduled_events lock; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY lock ON schedule.scheduled_events FOR UPDATE TO penstock_owner USING (true) WITH CHECK (false);

-- Name: backfills look; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY look ON schedule.backfills FOR SELECT TO penstock_owner USING (true);

-- Name: schedule_runs look; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY look ON schedule.schedule_runs FOR SELECT TO penstock_owner USING (true);

-- Name: scheduled_events look; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY look ON schedule.scheduled_events FOR SELECT TO penstock_owner USING (true);

-- Name: backfills own_rows_delete; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY own_rows_delete ON schedule.backfills FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: schedule_runs own_rows_delete; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY own_rows_delete ON schedule.schedule_runs FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: scheduled_events own_rows_delete; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY own_rows_delete ON schedule.scheduled_events FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: backfills own_rows_insert; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY own_rows_insert ON schedule.backfills FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: schedule_runs own_rows_insert; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY own_rows_insert ON schedule.schedule_runs FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: scheduled_events own_rows_insert; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY own_rows_insert ON schedule.scheduled_events FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: backfills own_rows_select; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY own_rows_select ON schedule.backfills FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: schedule_runs own_rows_select; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY own_rows_select ON schedule.schedule_runs FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: scheduled_events own_rows_select; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY own_rows_select ON schedule.scheduled_events FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: backfills own_rows_update; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY own_rows_update ON schedule.backfills FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: schedule_runs own_rows_update; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY own_rows_update ON schedule.schedule_runs FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: scheduled_events own_rows_update; Type: POLICY; Schema: schedule; Owner: penstock_owner

CREATE POLICY own_rows_update ON schedule.scheduled_events FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: schedule_runs; Type: ROW SECURITY; Schema: schedule; Owner: penstock_owner

ALTER TABLE schedule.schedule_runs ENABLE ROW LEVEL SECURITY;

-- Name: scheduled_events; Type: ROW SECURITY; Schema: schedule; Owner: penstock_owner

ALTER TABLE schedule.scheduled_events ENABLE ROW LEVEL SECURITY;

-- Name: api_keys; Type: ROW SECURITY; Schema: tenancy; Owner: penstock_owner

ALTER TABLE tenancy.api_keys ENABLE ROW LEVEL SECURITY;

-- Name: audit_heads; Type: ROW SECURITY; Schema: tenancy; Owner: penstock_owner

ALTER TABLE tenancy.audit_heads ENABLE ROW LEVEL SECURITY;

-- Name: audit_log; Type: ROW SECURITY; Schema: tenancy; Owner: penstock_owner

ALTER TABLE tenancy.audit_log ENABLE ROW LEVEL SECURITY;

-- Name: audit_heads chain; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY chain ON tenancy.audit_heads TO penstock_owner USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: companies; Type: ROW SECURITY; Schema: tenancy; Owner: penstock_owner

ALTER TABLE tenancy.companies ENABLE ROW LEVEL SECURITY;

-- Name: api_keys lifecycle; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY lifecycle ON tenancy.api_keys TO penstock_admin USING (true) WITH CHECK (true);

-- Name: audit_heads lifecycle; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY lifecycle ON tenancy.audit_heads TO penstock_admin USING (true) WITH CHECK (true);

-- Name: audit_log lifecycle; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY lifecycle ON tenancy.audit_log TO penstock_admin USING (true) WITH CHECK (true);

-- Name: companies lifecycle; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY lifecycle ON tenancy.companies TO penstock_admin USING (true) WITH CHECK (true);

-- Name: projects lifecycle; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY lifecycle ON tenancy.projects TO penstock_admin USING (true) WITH CHECK (true);

-- Name: refresh_tokens lifecycle; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY lifecycle ON tenancy.refresh_tokens TO penstock_admin USING (true) WITH CHECK (true);

-- Name: sessions lifecycle; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY lifecycle ON tenancy.sessions TO penstock_admin USING (true) WITH CHECK (true);

-- Name: tenant_companies lifecycle; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY lifecycle ON tenancy.tenant_companies TO penstock_admin USING (true) WITH CHECK (true);

-- Name: tenant_email_settings lifecycle; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY lifecycle ON tenancy.tenant_email_settings TO penstock_admin USING (true) WITH CHECK (true);

-- Name: tenant_lifecycles lifecycle; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY lifecycle ON tenancy.tenant_lifecycles TO penstock_admin USING (true) WITH CHECK (true);

-- Name: tenant_settings lifecycle; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY lifecycle ON tenancy.tenant_settings TO penstock_admin USING (true) WITH CHECK (true);

-- Name: tenants lifecycle; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY lifecycle ON tenancy.tenants TO penstock_admin USING (true) WITH CHECK (true);

-- Name: user_credentials lifecycle; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY lifecycle ON tenancy.user_credentials TO penstock_admin USING (true) WITH CHECK (true);

-- Name: user_profiles lifecycle; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY lifecycle ON tenancy.user_profiles TO penstock_admin USING (true) WITH CHECK (true);

-- Name: user_roles lifecycle; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY lifecycle ON tenancy.user_roles TO penstock_admin USING (true) WITH CHECK (true);

-- Name: users lifecycle; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY lifecycle ON tenancy.users TO penstock_admin USING (true) WITH CHECK (true);

-- Name: api_keys lookup; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY lookup ON tenancy.api_keys FOR SELECT TO penstock_owner USING (true);

-- Name: tenants lookup; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY lookup ON tenancy.tenants FOR SELECT TO penstock_owner USING (true);

-- Name: user_profiles made_with_user; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY made_with_user ON tenancy.user_profiles FOR INSERT TO penstock_owner WITH CHECK (true);

-- Name: api_keys own_rows_delete; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_delete ON tenancy.api_keys FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: audit_heads own_rows_delete; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_delete ON tenancy.audit_heads FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: audit_log own_rows_delete; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_delete ON tenancy.audit_log FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: companies own_rows_delete; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_delete ON tenancy.companies FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: projects own_rows_delete; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_delete ON tenancy.projects FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: refresh_tokens own_rows_delete; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_delete ON tenancy.refresh_tokens FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: sessions own_rows_delete; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_delete ON tenancy.sessions FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_companies own_rows_delete; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_delete ON tenancy.tenant_companies FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_email_settings own_rows_delete; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_delete ON tenancy.tenant_email_settings FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_lifecycles own_rows_delete; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_delete ON tenancy.tenant_lifecycles FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_settings own_rows_delete; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_delete ON tenancy.tenant_settings FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenants own_rows_delete; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_delete ON tenancy.tenants FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: user_credentials own_rows_delete; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_delete ON tenancy.user_credentials FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: user_profiles own_rows_delete; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_delete ON tenancy.user_profiles FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: user_roles own_rows_delete; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_delete ON tenancy.user_roles FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: users own_rows_delete; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_delete ON tenancy.users FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: api_keys own_rows_insert; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_insert ON tenancy.api_keys FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: audit_heads own_rows_insert; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_insert ON tenancy.audit_heads FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: audit_log own_rows_insert; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_insert ON tenancy.audit_log FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: companies own_rows_insert; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_insert ON tenancy.companies FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: projects own_rows_insert; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_insert ON tenancy.projects FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: refresh_tokens own_rows_insert; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_insert ON tenancy.refresh_tokens FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: sessions own_rows_insert; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_insert ON tenancy.sessions FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_companies own_rows_insert; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_insert ON tenancy.tenant_companies FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_email_settings own_rows_insert; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_insert ON tenancy.tenant_email_settings FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_lifecycles own_rows_insert; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_insert ON tenancy.tenant_lifecycles FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_settings own_rows_insert; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_insert ON tenancy.tenant_settings FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenants own_rows_insert; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_insert ON tenancy.tenants FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: user_credentials own_rows_insert; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_insert ON tenancy.user_credentials FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: user_profiles own_rows_insert; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_insert ON tenancy.user_profiles FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: user_roles own_rows_insert; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_insert ON tenancy.user_roles FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: users own_rows_insert; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_insert ON tenancy.users FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: api_keys own_rows_select; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_select ON tenancy.api_keys FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: audit_heads own_rows_select; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_select ON tenancy.audit_heads FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: audit_log own_rows_select; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_select ON tenancy.audit_log FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: companies own_rows_select; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_select ON tenancy.companies FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: projects own_rows_select; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_select ON tenancy.projects FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: refresh_tokens own_rows_select; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_select ON tenancy.refresh_tokens FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: sessions own_rows_select; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_select ON tenancy.sessions FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_companies own_rows_select; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_select ON tenancy.tenant_companies FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_email_settings own_rows_select; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_select ON tenancy.tenant_email_settings FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_lifecycles own_rows_select; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_select ON tenancy.tenant_lifecycles FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_settings own_rows_select; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_select ON tenancy.tenant_settings FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenants own_rows_select; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_select ON tenancy.tenants FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: user_credentials own_rows_select; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_select ON tenancy.user_credentials FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: user_profiles own_rows_select; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_select ON tenancy.user_profiles FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: user_roles own_rows_select; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_select ON tenancy.user_roles FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: users own_rows_select; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_select ON tenancy.users FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: api_keys own_rows_update; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_update ON tenancy.api_keys FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: audit_heads own_rows_update; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_update ON tenancy.audit_heads FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: audit_log own_rows_update; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_update ON tenancy.audit_log FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: companies own_rows_update; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_update ON tenancy.companies FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: projects own_rows_update; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_update ON tenancy.projects FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: refresh_tokens own_rows_update; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_update ON tenancy.refresh_tokens FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: sessions own_rows_update; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_update ON tenancy.sessions FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_companies own_rows_update; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_update ON tenancy.tenant_companies FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_email_settings own_rows_update; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_update ON tenancy.tenant_email_settings FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_lifecycles own_rows_update; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_update ON tenancy.tenant_lifecycles FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenant_settings own_rows_update; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_update ON tenancy.tenant_settings FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: tenants own_rows_update; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_update ON tenancy.tenants FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: user_credentials own_rows_update; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_update ON tenancy.user_credentials FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: user_profiles own_rows_update; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_update ON tenancy.user_profiles FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: user_roles own_rows_update; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_update ON tenancy.user_roles FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: users own_rows_update; Type: POLICY; Schema: tenancy; Owner: penstock_owner

CREATE POLICY own_rows_update ON tenancy.users FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: projects; Type: ROW SECURITY; Schema: tenancy; Owner: penstock_owner

ALTER TABLE tenancy.projects ENABLE ROW LEVEL SECURITY;

-- Name: refresh_tokens; Type: ROW SECURITY; Schema: tenancy; Owner: penstock_owner

ALTER TABLE tenancy.refresh_tokens ENABLE ROW LEVEL SECURITY;

-- Name: sessions; Type: ROW SECURITY; Schema: tenancy; Owner: penstock_owner

ALTER TABLE tenancy.sessions ENABLE ROW LEVEL SECURITY;

-- Name: tenant_companies; Type: ROW SECURITY; Schema: tenancy; Owner: penstock_owner

ALTER TABLE tenancy.tenant_companies ENABLE ROW LEVEL SECURITY;

-- Name: tenant_email_settings; Type: ROW SECURITY; Schema: tenancy; Owner: penstock_owner

ALTER TABLE tenancy.tenant_email_settings ENABLE ROW LEVEL SECURITY;

-- Name: tenant_lifecycles; Type: ROW SECURITY; Schema: tenancy; Owner: penstock_owner

ALTER TABLE tenancy.tenant_lifecycles ENABLE ROW LEVEL SECURITY;

-- Name: tenant_settings; Type: ROW SECURITY; Schema: tenancy; Owner: penstock_owner

ALTER TABLE tenancy.tenant_settings ENABLE ROW LEVEL SECURITY;

-- Name: tenants; Type: ROW SECURITY; Schema: tenancy; Owner: penstock_owner

ALTER TABLE tenancy.tenants ENABLE ROW LEVEL SECURITY;

-- Name: user_credentials; Type: ROW SECURITY; Schema: tenancy; Owner: penstock_owner

ALTER TABLE tenancy.user_credentials ENABLE ROW LEVEL SECURITY;

-- Name: user_profiles; Type: ROW SECURITY; Schema: tenancy; Owner: penstock_owner

ALTER TABLE tenancy.user_profiles ENABLE ROW LEVEL SECURITY;

-- Name: user_roles; Type: ROW SECURITY; Schema: tenancy; Owner: penstock_owner

ALTER TABLE tenancy.user_roles ENABLE ROW LEVEL SECURITY;

-- Name: users; Type: ROW SECURITY; Schema: tenancy; Owner: penstock_owner

ALTER TABLE tenancy.users ENABLE ROW LEVEL SECURITY;

-- Name: event_store engine_all; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY engine_all ON workflow.event_store TO penstock_engine USING (true) WITH CHECK (true);

-- Name: execution_keys engine_all; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY engine_all ON workflow.execution_keys TO penstock_engine USING (true) WITH CHECK (true);

-- Name: node_executions engine_all; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY engine_all ON workflow.node_executions TO penstock_engine USING (true) WITH CHECK (true);

-- Name: open_executions engine_all; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY engine_all ON workflow.open_executions TO penstock_engine USING (true) WITH CHECK (true);

-- Name: open_nodes engine_all; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY engine_all ON workflow.open_nodes TO penstock_engine USING (true) WITH CHECK (true);

-- Name: payloads engine_all; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY engine_all ON workflow.payloads TO penstock_engine USING (true) WITH CHECK (true);

-- Name: signals engine_all; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY engine_all ON workflow.signals TO penstock_engine USING (true) WITH CHECK (true);

-- Name: timers engine_all; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY engine_all ON workflow.timers TO penstock_engine USING (true) WITH CHECK (true);

-- Name: webhooks engine_all; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY engine_all ON workflow.webhooks TO penstock_engine USING (true) WITH CHECK (true);

-- Name: workflow_executions engine_all; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY engine_all ON workflow.workflow_executions TO penstock_engine USING (true) WITH CHECK (true);

-- Name: route_generations engine_reads; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY engine_reads ON workflow.route_generations FOR SELECT TO penstock_engine USING (true);

-- Name: event_store; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.event_store ENABLE ROW LEVEL SECURITY;

-- Name: event_store_default; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.event_store_default ENABLE ROW LEVEL SECURITY;

-- Name: execution_keys; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.execution_keys ENABLE ROW LEVEL SECURITY;

-- Name: event_store lifecycle; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY lifecycle ON workflow.event_store TO penstock_admin USING (true) WITH CHECK (true);

-- Name: execution_keys lifecycle; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY lifecycle ON workflow.execution_keys TO penstock_admin USING (true) WITH CHECK (true);

-- Name: node_executions lifecycle; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY lifecycle ON workflow.node_executions TO penstock_admin USING (true) WITH CHECK (true);

-- Name: open_executions lifecycle; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY lifecycle ON workflow.open_executions TO penstock_admin USING (true) WITH CHECK (true);

-- Name: open_nodes lifecycle; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY lifecycle ON workflow.open_nodes TO penstock_admin USING (true) WITH CHECK (true);

-- Name: payloads lifecycle; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY lifecycle ON workflow.payloads TO penstock_admin USING (true) WITH CHECK (true);

-- Name: route_generations lifecycle; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY lifecycle ON workflow.route_generations TO penstock_admin USING (true) WITH CHECK (true);

-- Name: signals lifecycle; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY lifecycle ON workflow.signals TO penstock_admin USING (true) WITH CHECK (true);

-- Name: signing_secrets lifecycle; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY lifecycle ON workflow.signing_secrets TO penstock_admin USING (true) WITH CHECK (true);

-- Name: task_queues lifecycle; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY lifecycle ON workflow.task_queues TO penstock_admin USING (true) WITH CHECK (true);

-- Name: timers lifecycle; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY lifecycle ON workflow.timers TO penstock_admin USING (true) WITH CHECK (true);

-- Name: triggers lifecycle; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY lifecycle ON workflow.triggers TO penstock_admin USING (true) WITH CHECK (true);

-- Name: webhooks lifecycle; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY lifecycle ON workflow.webhooks TO penstock_admin USING (true) WITH CHECK (true);

-- Name: workflow_executions lifecycle; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY lifecycle ON workflow.workflow_executions TO penstock_admin USING (true) WITH CHECK (true);

-- Name: workflow_versions lifecycle; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY lifecycle ON workflow.workflow_versions TO penstock_admin USING (true) WITH CHECK (true);

-- Name: workflows lifecycle; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY lifecycle ON workflow.workflows TO penstock_admin USING (true) WITH CHECK (true);

-- Name: node_executions; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.node_executions ENABLE ROW LEVEL SECURITY;

-- Name: node_executions_default; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.node_executions_default ENABLE ROW LEVEL SECURITY;

-- Name: open_executions; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.open_executions ENABLE ROW LEVEL SECURITY;

-- Name: open_nodes; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.open_nodes ENABLE ROW LEVEL SECURITY;

-- Name: event_store own_rows_delete; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_delete ON workflow.event_store FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: execution_keys own_rows_delete; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_delete ON workflow.execution_keys FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: node_executions own_rows_delete; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_delete ON workflow.node_executions FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: open_executions own_rows_delete; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_delete ON workflow.open_executions FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: open_nodes own_rows_delete; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_delete ON workflow.open_nodes FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: payloads own_rows_delete; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_delete ON workflow.payloads FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: route_generations own_rows_delete; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_delete ON workflow.route_generations FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: signals own_rows_delete; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_delete ON workflow.signals FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: signing_secrets own_rows_delete; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_delete ON workflow.signing_secrets FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: task_queues own_rows_delete; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_delete ON workflow.task_queues FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: timers own_rows_delete; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_delete ON workflow.timers FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: triggers own_rows_delete; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_delete ON workflow.triggers FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: webhooks own_rows_delete; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_delete ON workflow.webhooks FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: workflow_executions own_rows_delete; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_delete ON workflow.workflow_executions FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: workflow_versions own_rows_delete; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_delete ON workflow.workflow_versions FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: workflows own_rows_delete; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_delete ON workflow.workflows FOR DELETE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: event_store own_rows_insert; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_insert ON workflow.event_store FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: execution_keys own_rows_insert; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_insert ON workflow.execution_keys FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: node_executions own_rows_insert; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_insert ON workflow.node_executions FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: open_executions own_rows_insert; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_insert ON workflow.open_executions FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: open_nodes own_rows_insert; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_insert ON workflow.open_nodes FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: payloads own_rows_insert; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_insert ON workflow.payloads FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: route_generations own_rows_insert; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_insert ON workflow.route_generations FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: signals own_rows_insert; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_insert ON workflow.signals FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: signing_secrets own_rows_insert; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_insert ON workflow.signing_secrets FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: task_queues own_rows_insert; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_insert ON workflow.task_queues FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: timers own_rows_insert; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_insert ON workflow.timers FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: triggers own_rows_insert; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_insert ON workflow.triggers FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: webhooks own_rows_insert; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_insert ON workflow.webhooks FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: workflow_executions own_rows_insert; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_insert ON workflow.workflow_executions FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: workflow_versions own_rows_insert; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_insert ON workflow.workflow_versions FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: workflows own_rows_insert; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_insert ON workflow.workflows FOR INSERT TO penstock_server WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: event_store own_rows_select; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_select ON workflow.event_store FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: execution_keys own_rows_select; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_select ON workflow.execution_keys FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: node_executions own_rows_select; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_select ON workflow.node_executions FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: open_executions own_rows_select; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_select ON workflow.open_executions FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: open_nodes own_rows_select; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_select ON workflow.open_nodes FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: payloads own_rows_select; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_select ON workflow.payloads FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: route_generations own_rows_select; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_select ON workflow.route_generations FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: signals own_rows_select; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_select ON workflow.signals FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: signing_secrets own_rows_select; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_select ON workflow.signing_secrets FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: task_queues own_rows_select; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_select ON workflow.task_queues FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: timers own_rows_select; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_select ON workflow.timers FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: triggers own_rows_select; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_select ON workflow.triggers FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: webhooks own_rows_select; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_select ON workflow.webhooks FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: workflow_executions own_rows_select; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_select ON workflow.workflow_executions FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: workflow_versions own_rows_select; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_select ON workflow.workflow_versions FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: workflows own_rows_select; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_select ON workflow.workflows FOR SELECT TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: event_store own_rows_update; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_update ON workflow.event_store FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: execution_keys own_rows_update; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_update ON workflow.execution_keys FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: node_executions own_rows_update; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_update ON workflow.node_executions FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: open_executions own_rows_update; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_update ON workflow.open_executions FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: open_nodes own_rows_update; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_update ON workflow.open_nodes FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: payloads own_rows_update; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_update ON workflow.payloads FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: route_generations own_rows_update; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_update ON workflow.route_generations FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: signals own_rows_update; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_update ON workflow.signals FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: signing_secrets own_rows_update; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_update ON workflow.signing_secrets FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: task_queues own_rows_update; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_update ON workflow.task_queues FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: timers own_rows_update; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_update ON workflow.timers FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: triggers own_rows_update; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_update ON workflow.triggers FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: webhooks own_rows_update; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_update ON workflow.webhooks FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: workflow_executions own_rows_update; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_update ON workflow.workflow_executions FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: workflow_versions own_rows_update; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_update ON workflow.workflow_versions FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: workflows own_rows_update; Type: POLICY; Schema: workflow; Owner: penstock_owner

CREATE POLICY own_rows_update ON workflow.workflows FOR UPDATE TO penstock_server USING ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id))) WITH CHECK ((tenant_id = ( SELECT auth.tenant_id() AS tenant_id)));

-- Name: payloads; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.payloads ENABLE ROW LEVEL SECURITY;

-- Name: route_generations; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.route_generations ENABLE ROW LEVEL SECURITY;

-- Name: signals; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.signals ENABLE ROW LEVEL SECURITY;

-- Name: signing_secrets; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.signing_secrets ENABLE ROW LEVEL SECURITY;

-- Name: task_queues; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.task_queues ENABLE ROW LEVEL SECURITY;

-- Name: timers; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.timers ENABLE ROW LEVEL SECURITY;

-- Name: triggers; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.triggers ENABLE ROW LEVEL SECURITY;

-- Name: webhooks; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.webhooks ENABLE ROW LEVEL SECURITY;

-- Name: webhooks_default; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.webhooks_default ENABLE ROW LEVEL SECURITY;

-- Name: workflow_executions; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.workflow_executions ENABLE ROW LEVEL SECURITY;

-- Name: workflow_executions_default; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.workflow_executions_default ENABLE ROW LEVEL SECURITY;

-- Name: workflow_versions; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.workflow_versions ENABLE ROW LEVEL SECURITY;

-- Name: workflows; Type: ROW SECURITY; Schema: workflow; Owner: penstock_owner

ALTER TABLE workflow.workflows ENABLE ROW LEVEL SECURITY;

-- Name: SCHEMA auth; Type: ACL; Schema: -; Owner: penstock_owner

GRANT USAGE ON SCHEMA auth TO penstock_admin;
GRANT USAGE ON SCHEMA auth TO penstock_server;
GRANT USAGE ON SCHEMA auth TO penstock_engine;

-- Name: SCHEMA connector; Type: ACL; Schema: -; Owner: penstock_owner

GRANT USAGE ON SCHEMA connector TO penstock_admin;
GRANT USAGE ON SCHEMA connector TO penstock_server;

-- Name: SCHEMA interface; Type: ACL; Schema: -; Owner: penstock_owner

GRANT USAGE ON SCHEMA interface TO penstock_admin;
GRANT USAGE ON SCHEMA interface TO penstock_server;

-- Name: SCHEMA schedule; Type: ACL; Schema: -; Owner: penstock_owner

GRANT USAGE ON SCHEMA schedule TO penstock_admin;
GRANT USAGE ON SCHEMA schedule TO penstock_server;

-- Name: SCHEMA tenancy; Type: ACL; Schema: -; Owner: penstock_owner

GRANT USAGE ON SCHEMA tenancy TO penstock_admin;
GRANT USAGE ON SCHEMA tenancy TO penstock_server;
GRANT USAGE ON SCHEMA tenancy TO penstock_engine;

-- Name: SCHEMA workflow; Type: ACL; Schema: -; Owner: penstock_owner

GRANT USAGE ON SCHEMA workflow TO penstock_admin;
GRANT USAGE ON SCHEMA workflow TO penstock_server;
GRANT USAGE ON SCHEMA workflow TO penstock_engine;

-- Name: FUNCTION append_credential_audit(events text[], use_ids uuid[], owner_kinds text[], owner_ids uuid[], fields text[], value_versions text[], purposes text[], target_hosts text[], execution_ids text[], user_ids uuid[], api_key_ids uuid[], services text[], request_ids text[], results text[], http_statuses integer[]); Type: ACL; Schema: connector; Owner: penstock_owner

REVOKE ALL ON FUNCTION connector.append_credential_audit(events text[], use_ids uuid[], owner_kinds text[], owner_ids uuid[], fields text[], value_versions text[], purposes text[], target_hosts text[], execution_ids text[], user_ids uuid[], api_key_ids uuid[], services text[], request_ids text[], results text[], http_statuses integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION connector.append_credential_audit(events text[], use_ids uuid[], owner_kinds text[], owner_ids uuid[], fields text[], value_versions text[], purposes text[], target_hosts text[], execution_ids text[], user_ids uuid[], api_key_ids uuid[], services text[], request_ids text[], results text[], http_statuses integer[]) TO penstock_server;
GRANT ALL ON FUNCTION connector.append_credential_audit(events text[], use_ids uuid[], owner_kinds text[], owner_ids uuid[], fields text[], value_versions text[], purposes text[], target_hosts text[], execution_ids text[], user_ids uuid[], api_key_ids uuid[], services text[], request_ids text[], results text[], http_statuses integer[]) TO penstock_admin;

-- Name: FUNCTION consume_attempt(state bytea, browser bytea, redirected_for text); Type: ACL; Schema: connector; Owner: penstock_owner

REVOKE ALL ON FUNCTION connector.consume_attempt(state bytea, browser bytea, redirected_for text) FROM PUBLIC;
GRANT ALL ON FUNCTION connector.consume_attempt(state bytea, browser bytea, redirected_for text) TO penstock_server;

-- Name: FUNCTION drop_old_attempts(how_many integer); Type: ACL; Schema: connector; Owner: penstock_owner

REVOKE ALL ON FUNCTION connector.drop_old_attempts(how_many integer) FROM PUBLIC;
GRANT ALL ON FUNCTION connector.drop_old_attempts(how_many integer) TO penstock_server;

-- Name: FUNCTION due_grants(how_many integer); Type: ACL; Schema: connector; Owner: penstock_owner

REVOKE ALL ON FUNCTION connector.due_grants(how_many integer) FROM PUBLIC;
GRANT ALL ON FUNCTION connector.due_grants(how_many integer) TO penstock_server;

-- Name: FUNCTION open_attempt(ticket bytea, state bytea, browser bytea); Type: ACL; Schema: connector; Owner: penstock_owner

REVOKE ALL ON FUNCTION connector.open_attempt(ticket bytea, state bytea, browser bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION connector.open_attempt(ticket bytea, state bytea, browser bytea) TO penstock_server;

-- Name: FUNCTION take_calls(tenant uuid, connector uuid, per_second double precision, burst double precision, wanted integer, patience double precision); Type: ACL; Schema: connector; Owner: penstock_owner

REVOKE ALL ON FUNCTION connector.take_calls(tenant uuid, connector uuid, per_second double precision, burst double precision, wanted integer, patience double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION connector.take_calls(tenant uuid, connector uuid, per_second double precision, burst double precision, wanted integer, patience double precision) TO penstock_server;

-- Name: FUNCTION take_device_polls(how_many integer); Type: ACL; Schema: connector; Owner: penstock_owner

REVOKE ALL ON FUNCTION connector.take_device_polls(how_many integer) FROM PUBLIC;
GRANT ALL ON FUNCTION connector.take_device_polls(how_many integer) TO penstock_server;

-- Name: FUNCTION claim_backfills(how_many integer); Type: ACL; Schema: schedule; Owner: penstock_owner

REVOKE ALL ON FUNCTION schedule.claim_backfills(how_many integer) FROM PUBLIC;
GRANT ALL ON FUNCTION schedule.claim_backfills(how_many integer) TO penstock_server;

-- Name: FUNCTION claim_runs(how_many integer); Type: ACL; Schema: schedule; Owner: penstock_owner

REVOKE ALL ON FUNCTION schedule.claim_runs(how_many integer) FROM PUBLIC;
GRANT ALL ON FUNCTION schedule.claim_runs(how_many integer) TO penstock_server;

-- Name: FUNCTION claim_schedules(how_many integer); Type: ACL; Schema: schedule; Owner: penstock_owner

REVOKE ALL ON FUNCTION schedule.claim_schedules(how_many integer) FROM PUBLIC;
GRANT ALL ON FUNCTION schedule.claim_schedules(how_many integer) TO penstock_server;

-- Name: FUNCTION declare_triggers(tenant uuid, workflow uuid, is_active boolean, declared jsonb); Type: ACL; Schema: schedule; Owner: penstock_owner

REVOKE ALL ON FUNCTION schedule.declare_triggers(tenant uuid, workflow uuid, is_active boolean, declared jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION schedule.declare_triggers(tenant uuid, workflow uuid, is_active boolean, declared jsonb) TO penstock_server;

-- Name: FUNCTION find_old_runs(since timestamp with time zone, until timestamp with time zone, how_many integer); Type: ACL; Schema: schedule; Owner: penstock_owner

REVOKE ALL ON FUNCTION schedule.find_old_runs(since timestamp with time zone, until timestamp with time zone, how_many integer) FROM PUBLIC;
GRANT ALL ON FUNCTION schedule.find_old_runs(since timestamp with time zone, until timestamp with time zone, how_many integer) TO penstock_server;

-- Name: FUNCTION next_due(); Type: ACL; Schema: schedule; Owner: penstock_owner

REVOKE ALL ON FUNCTION schedule.next_due() FROM PUBLIC;
GRANT ALL ON FUNCTION schedule.next_due() TO penstock_server;

-- Name: FUNCTION next_due_by_kind(); Type: ACL; Schema: schedule; Owner: penstock_owner

REVOKE ALL ON FUNCTION schedule.next_due_by_kind() FROM PUBLIC;
GRANT ALL ON FUNCTION schedule.next_due_by_kind() TO penstock_server;

-- Name: FUNCTION note_replaced(tenant uuid, schedules uuid[]); Type: ACL; Schema: schedule; Owner: penstock_owner

REVOKE ALL ON FUNCTION schedule.note_replaced(tenant uuid, schedules uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION schedule.note_replaced(tenant uuid, schedules uuid[]) TO penstock_server;

-- Name: FUNCTION project_of(tenant uuid, workflow uuid); Type: ACL; Schema: schedule; Owner: penstock_owner

REVOKE ALL ON FUNCTION schedule.project_of(tenant uuid, workflow uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION schedule.project_of(tenant uuid, workflow uuid) TO penstock_server;

-- Name: FUNCTION audit_field(value text); Type: ACL; Schema: tenancy; Owner: penstock_owner

REVOKE ALL ON FUNCTION tenancy.audit_field(value text) FROM PUBLIC;

-- Name: FUNCTION chain_audit_row(); Type: ACL; Schema: tenancy; Owner: penstock_owner

REVOKE ALL ON FUNCTION tenancy.chain_audit_row() FROM PUBLIC;

-- Name: FUNCTION find_api_key(hash bytea); Type: ACL; Schema: tenancy; Owner: penstock_owner

REVOKE ALL ON FUNCTION tenancy.find_api_key(hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION tenancy.find_api_key(hash bytea) TO penstock_server;

-- Name: FUNCTION find_tenant(client text); Type: ACL; Schema: tenancy; Owner: penstock_owner

REVOKE ALL ON FUNCTION tenancy.find_tenant(client text) FROM PUBLIC;
GRANT ALL ON FUNCTION tenancy.find_tenant(client text) TO penstock_server;

-- Name: FUNCTION make_user_profile(); Type: ACL; Schema: tenancy; Owner: penstock_owner

REVOKE ALL ON FUNCTION tenancy.make_user_profile() FROM PUBLIC;

-- Name: FUNCTION purge_tenant(tenant uuid, how_many integer); Type: ACL; Schema: tenancy; Owner: penstock_owner

REVOKE ALL ON FUNCTION tenancy.purge_tenant(tenant uuid, how_many integer) FROM PUBLIC;
GRANT ALL ON FUNCTION tenancy.purge_tenant(tenant uuid, how_many integer) TO penstock_admin;

-- Name: FUNCTION ensure_partitions(months_ahead integer); Type: ACL; Schema: workflow; Owner: penstock_owner

REVOKE ALL ON FUNCTION workflow.ensure_partitions(months_ahead integer) FROM PUBLIC;
GRANT ALL ON FUNCTION workflow.ensure_partitions(months_ahead integer) TO penstock_engine;

-- Name: TABLE engine_members; Type: ACL; Schema: workflow; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE workflow.engine_members TO penstock_engine;
GRANT SELECT ON TABLE workflow.engine_members TO penstock_server;

-- Name: TABLE credential_audit; Type: ACL; Schema: connector; Owner: penstock_owner

GRANT SELECT ON TABLE connector.credential_audit TO penstock_server;
GRANT SELECT,DELETE ON TABLE connector.credential_audit TO penstock_admin;

-- Name: TABLE credential_audit_heads; Type: ACL; Schema: connector; Owner: penstock_owner

GRANT SELECT ON TABLE connector.credential_audit_heads TO penstock_server;
GRANT SELECT,DELETE ON TABLE connector.credential_audit_heads TO penstock_admin;

-- Name: TABLE integration_connectors; Type: ACL; Schema: connector; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE connector.integration_connectors TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE connector.integration_connectors TO penstock_admin;

-- Name: TABLE key_rotations; Type: ACL; Schema: connector; Owner: penstock_owner

GRANT SELECT,INSERT,UPDATE ON TABLE connector.key_rotations TO penstock_admin;

-- Name: TABLE oauth_attempts; Type: ACL; Schema: connector; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE connector.oauth_attempts TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE connector.oauth_attempts TO penstock_admin;

-- Name: TABLE oauth_grant_changes; Type: ACL; Schema: connector; Owner: penstock_owner

GRANT SELECT,INSERT ON TABLE connector.oauth_grant_changes TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE connector.oauth_grant_changes TO penstock_admin;

-- Name: TABLE oauth_grants; Type: ACL; Schema: connector; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE connector.oauth_grants TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE connector.oauth_grants TO penstock_admin;

-- Name: TABLE project_connectors; Type: ACL; Schema: connector; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE connector.project_connectors TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE connector.project_connectors TO penstock_admin;

-- Name: TABLE providers; Type: ACL; Schema: connector; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE connector.providers TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE connector.providers TO penstock_admin;

-- Name: TABLE rate_limits; Type: ACL; Schema: connector; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE connector.rate_limits TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE connector.rate_limits TO penstock_admin;

-- Name: TABLE refresh_attempts; Type: ACL; Schema: connector; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE connector.refresh_attempts TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE connector.refresh_attempts TO penstock_admin;

-- Name: TABLE root_keys; Type: ACL; Schema: connector; Owner: penstock_owner

GRANT SELECT,INSERT ON TABLE connector.root_keys TO penstock_server;
GRANT SELECT,INSERT ON TABLE connector.root_keys TO penstock_admin;

-- Name: COLUMN root_keys.state; Type: ACL; Schema: connector; Owner: penstock_owner

GRANT UPDATE(state) ON TABLE connector.root_keys TO penstock_server;
GRANT UPDATE(state) ON TABLE connector.root_keys TO penstock_admin;

-- Name: TABLE sealed_values; Type: ACL; Schema: connector; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE connector.sealed_values TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE connector.sealed_values TO penstock_admin;

-- Name: TABLE tenant_keys; Type: ACL; Schema: connector; Owner: penstock_owner

GRANT SELECT,INSERT,UPDATE ON TABLE connector.tenant_keys TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE connector.tenant_keys TO penstock_admin;

-- Name: SEQUENCE value_versions; Type: ACL; Schema: connector; Owner: penstock_owner

GRANT USAGE ON SEQUENCE connector.value_versions TO penstock_server;
GRANT USAGE ON SEQUENCE connector.value_versions TO penstock_admin;

-- Name: TABLE service_interfaces; Type: ACL; Schema: interface; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE interface.service_interfaces TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE interface.service_interfaces TO penstock_admin;

-- Name: TABLE schema_migrations; Type: ACL; Schema: public; Owner: penstock_owner

GRANT SELECT ON TABLE public.schema_migrations TO penstock_admin;
GRANT SELECT ON TABLE public.schema_migrations TO penstock_server;
GRANT SELECT ON TABLE public.schema_migrations TO penstock_engine;

-- Name: TABLE backfills; Type: ACL; Schema: schedule; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE schedule.backfills TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE schedule.backfills TO penstock_admin;

-- Name: TABLE schedule_runs; Type: ACL; Schema: schedule; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE schedule.schedule_runs TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE schedule.schedule_runs TO penstock_admin;

-- Name: TABLE scheduled_events; Type: ACL; Schema: schedule; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE schedule.scheduled_events TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE schedule.scheduled_events TO penstock_admin;

-- Name: TABLE api_keys; Type: ACL; Schema: tenancy; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.api_keys TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.api_keys TO penstock_admin;

-- Name: TABLE audit_heads; Type: ACL; Schema: tenancy; Owner: penstock_owner

GRANT SELECT ON TABLE tenancy.audit_heads TO penstock_server;
GRANT SELECT,DELETE ON TABLE tenancy.audit_heads TO penstock_admin;

-- Name: TABLE audit_log; Type: ACL; Schema: tenancy; Owner: penstock_owner

GRANT SELECT,INSERT ON TABLE tenancy.audit_log TO penstock_server;
GRANT SELECT,INSERT,DELETE ON TABLE tenancy.audit_log TO penstock_admin;

-- Name: TABLE companies; Type: ACL; Schema: tenancy; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.companies TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.companies TO penstock_admin;

-- Name: TABLE projects; Type: ACL; Schema: tenancy; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.projects TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.projects TO penstock_admin;

-- Name: TABLE refresh_tokens; Type: ACL; Schema: tenancy; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.refresh_tokens TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.refresh_tokens TO penstock_admin;

-- Name: TABLE roles; Type: ACL; Schema: tenancy; Owner: penstock_owner

GRANT SELECT ON TABLE tenancy.roles TO penstock_server;
GRANT SELECT ON TABLE tenancy.roles TO penstock_admin;

-- Name: TABLE sessions; Type: ACL; Schema: tenancy; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.sessions TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.sessions TO penstock_admin;

-- Name: TABLE tenant_companies; Type: ACL; Schema: tenancy; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.tenant_companies TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.tenant_companies TO penstock_admin;

-- Name: TABLE tenant_email_settings; Type: ACL; Schema: tenancy; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.tenant_email_settings TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.tenant_email_settings TO penstock_admin;

-- Name: TABLE tenant_lifecycles; Type: ACL; Schema: tenancy; Owner: penstock_owner

GRANT SELECT,INSERT,UPDATE ON TABLE tenancy.tenant_lifecycles TO penstock_admin;
GRANT SELECT ON TABLE tenancy.tenant_lifecycles TO penstock_server;

-- Name: TABLE tenant_settings; Type: ACL; Schema: tenancy; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.tenant_settings TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.tenant_settings TO penstock_admin;

-- Name: TABLE tenants; Type: ACL; Schema: tenancy; Owner: penstock_owner

GRANT SELECT,UPDATE ON TABLE tenancy.tenants TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.tenants TO penstock_admin;

-- Name: TABLE user_credentials; Type: ACL; Schema: tenancy; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.user_credentials TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.user_credentials TO penstock_admin;

-- Name: TABLE user_profiles; Type: ACL; Schema: tenancy; Owner: penstock_owner

GRANT SELECT,UPDATE ON TABLE tenancy.user_profiles TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.user_profiles TO penstock_admin;

-- Name: TABLE user_roles; Type: ACL; Schema: tenancy; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.user_roles TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.user_roles TO penstock_admin;

-- Name: TABLE users; Type: ACL; Schema: tenancy; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.users TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE tenancy.users TO penstock_admin;

-- Name: TABLE event_store; Type: ACL; Schema: workflow; Owner: penstock_owner

GRANT SELECT,INSERT ON TABLE workflow.event_store TO penstock_engine;
GRANT SELECT ON TABLE workflow.event_store TO penstock_server;
GRANT SELECT,DELETE ON TABLE workflow.event_store TO penstock_admin;

-- Name: TABLE execution_keys; Type: ACL; Schema: workflow; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE workflow.execution_keys TO penstock_engine;
GRANT SELECT ON TABLE workflow.execution_keys TO penstock_server;
GRANT SELECT,DELETE ON TABLE workflow.execution_keys TO penstock_admin;

-- Name: TABLE node_executions; Type: ACL; Schema: workflow; Owner: penstock_owner

GRANT SELECT,INSERT ON TABLE workflow.node_executions TO penstock_engine;
GRANT SELECT ON TABLE workflow.node_executions TO penstock_server;
GRANT SELECT,DELETE ON TABLE workflow.node_executions TO penstock_admin;

-- Name: TABLE open_executions; Type: ACL; Schema: workflow; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE workflow.open_executions TO penstock_engine;
GRANT SELECT ON TABLE workflow.open_executions TO penstock_server;
GRANT SELECT,DELETE ON TABLE workflow.open_executions TO penstock_admin;

-- Name: TABLE open_nodes; Type: ACL; Schema: workflow; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE workflow.open_nodes TO penstock_engine;
GRANT SELECT ON TABLE workflow.open_nodes TO penstock_server;
GRANT SELECT,DELETE ON TABLE workflow.open_nodes TO penstock_admin;

-- Name: TABLE payloads; Type: ACL; Schema: workflow; Owner: penstock_owner

GRANT SELECT,INSERT ON TABLE workflow.payloads TO penstock_engine;
GRANT SELECT ON TABLE workflow.payloads TO penstock_server;
GRANT SELECT,DELETE ON TABLE workflow.payloads TO penstock_admin;

-- Name: TABLE route_generations; Type: ACL; Schema: workflow; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE workflow.route_generations TO penstock_server;
GRANT SELECT ON TABLE workflow.route_generations TO penstock_engine;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE workflow.route_generations TO penstock_admin;

-- Name: TABLE shard_leases; Type: ACL; Schema: workflow; Owner: penstock_owner

GRANT SELECT,UPDATE ON TABLE workflow.shard_leases TO penstock_engine;

-- Name: TABLE signals; Type: ACL; Schema: workflow; Owner: penstock_owner

GRANT SELECT,INSERT ON TABLE workflow.signals TO penstock_engine;
GRANT SELECT ON TABLE workflow.signals TO penstock_server;
GRANT SELECT,DELETE ON TABLE workflow.signals TO penstock_admin;

-- Name: TABLE signing_secrets; Type: ACL; Schema: workflow; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE workflow.signing_secrets TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE workflow.signing_secrets TO penstock_admin;

-- Name: TABLE task_queues; Type: ACL; Schema: workflow; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE workflow.task_queues TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE workflow.task_queues TO penstock_admin;

-- Name: TABLE timers; Type: ACL; Schema: workflow; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE workflow.timers TO penstock_engine;
GRANT SELECT ON TABLE workflow.timers TO penstock_server;
GRANT SELECT,DELETE ON TABLE workflow.timers TO penstock_admin;

-- Name: TABLE triggers; Type: ACL; Schema: workflow; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE workflow.triggers TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE workflow.triggers TO penstock_admin;

-- Name: TABLE webhooks; Type: ACL; Schema: workflow; Owner: penstock_owner

GRANT SELECT,INSERT ON TABLE workflow.webhooks TO penstock_engine;
GRANT SELECT ON TABLE workflow.webhooks TO penstock_server;
GRANT SELECT,DELETE ON TABLE workflow.webhooks TO penstock_admin;

-- Name: TABLE workflow_executions; Type: ACL; Schema: workflow; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE workflow.workflow_executions TO penstock_engine;
GRANT SELECT ON TABLE workflow.workflow_executions TO penstock_server;
GRANT SELECT,DELETE ON TABLE workflow.workflow_executions TO penstock_admin;

-- Name: TABLE workflow_versions; Type: ACL; Schema: workflow; Owner: penstock_owner

GRANT SELECT,INSERT ON TABLE workflow.workflow_versions TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE workflow.workflow_versions TO penstock_admin;

-- Name: TABLE workflows; Type: ACL; Schema: workflow; Owner: penstock_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE workflow.workflows TO penstock_server;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE workflow.workflows TO penstock_admin;

-- PostgreSQL database dump complete

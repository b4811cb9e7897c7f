-- Making and removing tenants: the platform's own tenant, the workflows it runs for that, and what they leave behind.

-- How far the making or removing of a tenant is. Outlives the tenant, so that a step that comes late finds that it must not happen any more:
-- every step locks this row first.
CREATE TABLE tenancy.tenant_lifecycles (
  tenant_id uuid PRIMARY KEY,
  state text NOT NULL CONSTRAINT tenant_lifecycles_state_known
    CHECK (state IN ('creating', 'set_up', 'rolled_back', 'suspended', 'purging', 'purged')),
  -- The execution that suspended the tenant, and what a removal that is taken back returns to.
  operation_id uuid,
  previous_status text,
  updated_at timestamptz NOT NULL DEFAULT now()
);
CALL auth.isolate('tenancy.tenant_lifecycles');
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON tenancy.tenant_lifecycles FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();
GRANT SELECT, INSERT, UPDATE ON tenancy.tenant_lifecycles TO penstock_admin;
GRANT SELECT ON tenancy.tenant_lifecycles TO penstock_server;

-- Of the payment that led to the tenant.
ALTER TABLE tenancy.tenants ADD COLUMN checkout_session_id text CONSTRAINT tenants_checkout_session_id_length
  CHECK (char_length(checkout_session_id) BETWEEN 1 AND 255);

-- A tenant that is removed takes its history along: the admin role may, for the tenant that its transaction names, and nobody else.
CREATE OR REPLACE FUNCTION auth.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.tenant_id::text = current_setting('app.purged_tenant', true) AND pg_has_role(current_user, 'penstock_admin', 'MEMBER') THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION '%.% is append-only', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

GRANT SELECT, DELETE ON workflow.workflow_executions, workflow.node_executions, workflow.open_nodes, workflow.timers, workflow.signals,
  workflow.open_executions, workflow.execution_keys, workflow.webhooks, workflow.event_store, workflow.payloads TO penstock_admin;
GRANT DELETE ON tenancy.audit_log, tenancy.audit_heads TO penstock_admin;

-- Removes some of a tenant's rows, at most `how_many` of each kind that there may be many of, and says whether there is more. The tenant itself goes
-- last, by the caller. What belongs to executions goes with them, as it is not indexed by tenant; everything else that has a tenant_id is
-- found in the catalogue, so that a new table can't be forgotten.
CREATE FUNCTION tenancy.purge_tenant(tenant uuid, how_many integer) RETURNS boolean LANGUAGE plpgsql AS $$
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
END $$;
REVOKE ALL ON FUNCTION tenancy.purge_tenant(uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenancy.purge_tenant(uuid, integer) TO penstock_admin;

-- ---- The platform's own tenant (libs/ids/platform.h) and its workflows.

-- Policies hold for the owner, too: these let it write the platform's rows, and go again below.
CREATE POLICY seed ON tenancy.tenants TO penstock_owner USING (true) WITH CHECK (tenant_id = '00000000-0000-7000-8000-000000000001');
CREATE POLICY seed ON tenancy.projects TO penstock_owner USING (true) WITH CHECK (tenant_id = '00000000-0000-7000-8000-000000000001');
CREATE POLICY seed ON workflow.task_queues TO penstock_owner USING (true) WITH CHECK (tenant_id = '00000000-0000-7000-8000-000000000001');
CREATE POLICY seed ON workflow.workflows TO penstock_owner USING (true) WITH CHECK (tenant_id = '00000000-0000-7000-8000-000000000001');
CREATE POLICY seed ON workflow.workflow_versions TO penstock_owner USING (true) WITH CHECK (tenant_id = '00000000-0000-7000-8000-000000000001');
CREATE POLICY seed ON workflow.triggers TO penstock_owner USING (true) WITH CHECK (tenant_id = '00000000-0000-7000-8000-000000000001');

INSERT INTO tenancy.tenants (tenant_id, slug, name) VALUES ('00000000-0000-7000-8000-000000000001', 'platform', 'Platform');
INSERT INTO tenancy.projects (tenant_id, project_id, name, is_default)
VALUES ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002', 'Default', true);
INSERT INTO workflow.task_queues (tenant_id, task_queue_id, project_id, name, channel_display_name, is_default, is_system)
VALUES ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000002', 'default',
        'Default', true, true);

-- A tenant has the id of the execution that makes it. initialize makes nothing, but is what is undone last: whatever becomes of creating_tenant, the tenant is removed unless it is whole.
INSERT INTO workflow.workflows (tenant_id, workflow_id, project_id, name, description, service_display_name, status, version, nodes, edges, settings)
VALUES
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000010', '00000000-0000-7000-8000-000000000002', 'create-tenant',
   'Makes a tenant with its first owner.', 'Create tenant', 'active', 1,
   $json$[
     {"id": "start", "type": "trigger", "config": {"triggerType": "manual", "actionType": ""}},
     {"id": "initialize", "type": "service_step", "timeout_seconds": 10, "compensate_with": "remove_tenant",
      "progress": {"status": "initializing", "percent": 5},
      "config": {"service": "interfaces-service", "step": "tenant.begin", "input": {"tenantId": "{{execution.id}}", "request": "{{trigger.data}}"}}},
     {"id": "create_tenant", "type": "service_step", "timeout_seconds": 10, "compensate_with": "remove_admin_user",
      "progress": {"status": "creating_tenant", "percent": 20},
      "config": {"service": "interfaces-service", "step": "tenant.create", "input": {"tenantId": "{{execution.id}}", "request": "{{trigger.data}}"}}},
     {"id": "create_admin_user", "type": "service_step", "timeout_seconds": 10,
      "progress": {"status": "creating_admin_user", "percent": 40},
      "config": {"service": "interfaces-service", "step": "tenant.create_admin_user", "input": {"tenantId": "{{execution.id}}", "request": "{{trigger.data}}"}}},
     {"id": "set_up_data", "type": "service_step", "timeout_seconds": 10,
      "progress": {"status": "setting_up_data", "percent": 60},
      "config": {"service": "interfaces-service", "step": "tenant.set_up", "input": {"tenantId": "{{execution.id}}", "request": "{{trigger.data}}"}}},
     {"id": "send_welcome_email", "type": "service_step", "timeout_seconds": 60, "on_error": "continue",
      "progress": {"status": "sending_welcome_email", "percent": 80},
      "config": {"service": "interfaces-service", "step": "tenant.send_welcome_email", "input": {"tenantId": "{{execution.id}}", "request": "{{trigger.data}}"}}},
     {"id": "remove_admin_user", "type": "service_step", "timeout_seconds": 10, "retry": {"maximum_attempts": 20, "maximum_interval_seconds": 30},
      "progress": {"status": "rolling_back", "percent": 90},
      "config": {"service": "interfaces-service", "step": "tenant.remove_admin_user", "input": {"tenantId": "{{execution.id}}", "request": "{{trigger.data}}"}}},
     {"id": "remove_tenant", "type": "service_step", "timeout_seconds": 10, "retry": {"maximum_attempts": 20, "maximum_interval_seconds": 30},
      "progress": {"status": "rolling_back", "percent": 95},
      "config": {"service": "interfaces-service", "step": "tenant.remove", "input": {"tenantId": "{{execution.id}}", "request": "{{trigger.data}}"}}}
   ]$json$,
   $json$[
     {"source": "start", "target": "initialize"},
     {"source": "initialize", "target": "create_tenant"},
     {"source": "create_tenant", "target": "create_admin_user"},
     {"source": "create_admin_user", "target": "set_up_data"},
     {"source": "set_up_data", "target": "send_welcome_email"}
   ]$json$,
   $json${"queries": {"getState": {"status": "{{execution.progress.status}}", "progress": "{{execution.progress.percent}}",
                                   "tenantId": "{{execution.id}}",
                                   "emailSent": "{{nodes.send_welcome_email.output.sent}}", "error": "{{execution.error.message}}"}}}$json$),
  ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000002', 'delete-tenant',
   'Removes a tenant and all it has.', 'Delete tenant', 'active', 1,
   $json$[
     {"id": "start", "type": "trigger", "config": {"triggerType": "manual", "actionType": ""}},
     {"id": "suspend", "type": "service_step", "timeout_seconds": 10, "compensate_with": "restore",
      "progress": {"status": "suspending", "percent": 10},
      "config": {"service": "interfaces-service", "step": "tenant.suspend", "input": {"tenantId": "{{trigger.data.tenantId}}", "operationId": "{{execution.id}}"}}},
     {"id": "wait", "type": "wait", "progress": {"status": "waiting", "percent": 20}, "config": {"until": "{{trigger.data.deleteAt}}"}},
     {"id": "end_executions", "type": "service_step", "timeout_seconds": 60,
      "retry": {"maximum_attempts": 10000, "initial_interval_seconds": 0.5, "maximum_interval_seconds": 30},
      "progress": {"status": "ending_executions", "percent": 40},
      "config": {"service": "workflow-engine", "step": "executions.end", "input": {"tenantId": "{{trigger.data.tenantId}}", "operationId": "{{execution.id}}"}}},
     {"id": "purge", "type": "service_step", "timeout_seconds": 300,
      "retry": {"maximum_attempts": 10000, "initial_interval_seconds": 0.5, "maximum_interval_seconds": 30},
      "progress": {"status": "purging", "percent": 60},
      "config": {"service": "interfaces-service", "step": "tenant.purge", "input": {"tenantId": "{{trigger.data.tenantId}}", "operationId": "{{execution.id}}"}}},
     {"id": "restore", "type": "service_step", "timeout_seconds": 10, "retry": {"maximum_attempts": 20, "maximum_interval_seconds": 30},
      "progress": {"status": "rolling_back", "percent": 90},
      "config": {"service": "interfaces-service", "step": "tenant.restore", "input": {"tenantId": "{{trigger.data.tenantId}}", "operationId": "{{execution.id}}"}}}
   ]$json$,
   $json$[
     {"source": "start", "target": "suspend"},
     {"source": "suspend", "target": "wait"},
     {"source": "wait", "target": "end_executions"},
     {"source": "end_executions", "target": "purge"}
   ]$json$,
   $json${"queries": {"getState": {"status": "{{execution.progress.status}}", "progress": "{{execution.progress.percent}}",
                                   "tenantId": "{{trigger.data.tenantId}}", "deleteAt": "{{trigger.data.deleteAt}}",
                                   "error": "{{execution.error.message}}"}}}$json$);

INSERT INTO workflow.workflow_versions (tenant_id, workflow_id, version, nodes, edges, variables, settings)
SELECT tenant_id, workflow_id, version, nodes, edges, variables, settings FROM workflow.workflows
WHERE tenant_id = '00000000-0000-7000-8000-000000000001';
INSERT INTO workflow.triggers (tenant_id, workflow_id, node_id, version, trigger_type, action_type)
SELECT tenant_id, workflow_id, 'start', version, 'manual', '' FROM workflow.workflows
WHERE tenant_id = '00000000-0000-7000-8000-000000000001';

DROP POLICY seed ON tenancy.tenants;
DROP POLICY seed ON tenancy.projects;
DROP POLICY seed ON workflow.task_queues;
DROP POLICY seed ON workflow.workflows;
DROP POLICY seed ON workflow.workflow_versions;
DROP POLICY seed ON workflow.triggers;

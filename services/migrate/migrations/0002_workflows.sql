-- Definitions: edited rarely, read by everyone, so ordinary tables with real foreign keys.

CREATE TABLE workflow.task_queues (
  tenant_id uuid NOT NULL REFERENCES tenancy.tenants ON DELETE CASCADE,
  task_queue_id uuid NOT NULL,
  project_id uuid NOT NULL,
  name text NOT NULL CONSTRAINT task_queues_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
  channel_display_name text NOT NULL,
  is_default boolean NOT NULL DEFAULT false,
  is_system boolean NOT NULL DEFAULT false,
  max_concurrent_workflows integer CONSTRAINT task_queues_workflows_positive CHECK (max_concurrent_workflows > 0),
  max_concurrent_activities integer CONSTRAINT task_queues_activities_positive CHECK (max_concurrent_activities > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, task_queue_id),
  FOREIGN KEY (tenant_id, project_id) REFERENCES tenancy.projects ON DELETE CASCADE,
  CONSTRAINT task_queues_name_unique UNIQUE (tenant_id, project_id, name)
);
CREATE UNIQUE INDEX task_queues_one_default ON workflow.task_queues (tenant_id, project_id) WHERE is_default;
CALL auth.isolate('workflow.task_queues');
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON workflow.task_queues FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

CREATE TABLE workflow.workflows (
  tenant_id uuid NOT NULL REFERENCES tenancy.tenants ON DELETE CASCADE,
  workflow_id uuid NOT NULL,
  project_id uuid NOT NULL,
  name text NOT NULL CONSTRAINT workflows_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
  description text NOT NULL DEFAULT '' CONSTRAINT workflows_description_length CHECK (char_length(description) <= 500),
  service_display_name text NOT NULL CONSTRAINT workflows_service_display_name_length CHECK (char_length(service_display_name) BETWEEN 1 AND 100),
  status text NOT NULL DEFAULT 'draft' CONSTRAINT workflows_status_known CHECK (status IN ('draft', 'active', 'paused', 'archived')),
  -- The latest published version; 0 before the first.
  version integer NOT NULL DEFAULT 0 CONSTRAINT workflows_version_not_negative CHECK (version >= 0),
  nodes jsonb NOT NULL DEFAULT '[]' CONSTRAINT workflows_nodes_array CHECK (jsonb_typeof(nodes) = 'array'),
  edges jsonb NOT NULL DEFAULT '[]' CONSTRAINT workflows_edges_array CHECK (jsonb_typeof(edges) = 'array'),
  variables jsonb NOT NULL DEFAULT '{}' CONSTRAINT workflows_variables_object CHECK (jsonb_typeof(variables) = 'object'),
  settings jsonb NOT NULL DEFAULT '{}' CONSTRAINT workflows_settings_object CHECK (jsonb_typeof(settings) = 'object'),
  tags text[] NOT NULL DEFAULT '{}',
  -- The caller's idempotency key of CreateWorkflow, and a hash of what it asked for.
  request_id text CONSTRAINT workflows_request_id_length CHECK (char_length(request_id) BETWEEN 1 AND 255),
  request_hash bytea,
  -- Raised by every change; the etag.
  revision bigint NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, workflow_id),
  FOREIGN KEY (tenant_id, project_id) REFERENCES tenancy.projects ON DELETE CASCADE,
  CONSTRAINT workflows_published_when_matched CHECK (status NOT IN ('active', 'paused') OR version > 0)
);
CREATE UNIQUE INDEX workflows_request_id_unique ON workflow.workflows (tenant_id, request_id) WHERE request_id IS NOT NULL;
CREATE INDEX workflows_by_status ON workflow.workflows (tenant_id, status, workflow_id DESC);
CREATE INDEX workflows_by_project ON workflow.workflows (tenant_id, project_id, workflow_id DESC);
CREATE INDEX workflows_by_tag ON workflow.workflows USING gin (tags);
CALL auth.isolate('workflow.workflows');
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON workflow.workflows FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

CREATE TABLE workflow.workflow_versions (
  tenant_id uuid NOT NULL,
  workflow_id uuid NOT NULL,
  version integer NOT NULL CONSTRAINT workflow_versions_positive CHECK (version > 0),
  nodes jsonb NOT NULL,
  edges jsonb NOT NULL,
  variables jsonb NOT NULL,
  settings jsonb NOT NULL,
  published_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, workflow_id, version),
  FOREIGN KEY (tenant_id, workflow_id) REFERENCES workflow.workflows ON DELETE CASCADE
);
CALL auth.isolate('workflow.workflow_versions');
-- A version never changes; it goes only with its workflow.
CREATE TRIGGER immutable BEFORE UPDATE ON workflow.workflow_versions FOR EACH ROW EXECUTE FUNCTION auth.refuse_change();

-- The routes by which deliveries find workflows: written by publish, pause and archive in their own transaction, read by the router. Only
-- active workflows have rows here.
CREATE TABLE workflow.triggers (
  tenant_id uuid NOT NULL,
  workflow_id uuid NOT NULL,
  node_id text NOT NULL,
  version integer NOT NULL,
  trigger_type text NOT NULL,
  action_type text NOT NULL,
  config jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (tenant_id, workflow_id, node_id),
  FOREIGN KEY (tenant_id, workflow_id, version) REFERENCES workflow.workflow_versions ON DELETE CASCADE
);
CREATE INDEX triggers_by_route ON workflow.triggers (tenant_id, trigger_type, action_type, workflow_id);
CALL auth.isolate('workflow.triggers');

-- One row per tenant, raised by every change of its triggers: routers compare it with what they cached.
CREATE TABLE workflow.route_generations (
  tenant_id uuid PRIMARY KEY REFERENCES tenancy.tenants ON DELETE CASCADE,
  generation bigint NOT NULL DEFAULT 1
);
CALL auth.isolate('workflow.route_generations');
CREATE POLICY engine_reads ON workflow.route_generations FOR SELECT TO penstock_engine USING (true);

-- What deliveries are signed with. The value is sealed with the root key; associated data binds it to tenant and name.
CREATE TABLE workflow.signing_secrets (
  tenant_id uuid NOT NULL REFERENCES tenancy.tenants ON DELETE CASCADE,
  name text NOT NULL CONSTRAINT signing_secrets_name_form CHECK (name ~ '^[A-Za-z0-9_-]{1,64}$'),
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, name)
);
CALL auth.isolate('workflow.signing_secrets');

GRANT SELECT, INSERT, UPDATE, DELETE ON workflow.task_queues, workflow.workflows, workflow.triggers,
  workflow.route_generations, workflow.signing_secrets TO penstock_server;
GRANT SELECT, INSERT ON workflow.workflow_versions TO penstock_server;
GRANT SELECT ON workflow.route_generations TO penstock_engine;
-- Making a tenant makes its default task queue; deleting one cascades from here.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA workflow TO penstock_admin;

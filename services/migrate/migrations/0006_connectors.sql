-- Connectors: third-party systems and how to authenticate to them. Never a secret: those are in tables of their own, sealed.

CREATE SCHEMA connector;
GRANT USAGE ON SCHEMA connector TO penstock_admin, penstock_server;

CREATE TABLE connector.integration_connectors (
  tenant_id uuid NOT NULL REFERENCES tenancy.tenants ON DELETE CASCADE,
  connector_id uuid NOT NULL,
  -- NULL = the whole tenant's.
  project_id uuid,
  connector_name text NOT NULL CONSTRAINT integration_connectors_name_form
    CHECK (connector_name ~ '^[a-z0-9]([a-z0-9_-]{0,98}[a-z0-9])?$'),
  display_name text NOT NULL CONSTRAINT integration_connectors_display_name_length CHECK (char_length(display_name) BETWEEN 1 AND 255),
  description text NOT NULL DEFAULT '' CONSTRAINT integration_connectors_description_length CHECK (char_length(description) <= 2000),
  -- What it connects to: the id of a provider of the catalogue, or the tenant's own word for it.
  service_name text NOT NULL CONSTRAINT integration_connectors_service_name_form
    CHECK (service_name ~ '^[a-z0-9]([a-z0-9._-]{0,98}[a-z0-9])?$'),
  connector_type text NOT NULL CONSTRAINT integration_connectors_type_known
    CHECK (connector_type IN ('email', 'slack', 'database', 'api', 'oauth')),
  -- A strategy of services/connector/auth.
  auth_type text NOT NULL CONSTRAINT integration_connectors_auth_type_form CHECK (auth_type ~ '^[a-z][a-z0-9_]{0,49}$'),
  auth_config jsonb NOT NULL DEFAULT '{}' CONSTRAINT integration_connectors_auth_config_object CHECK (jsonb_typeof(auth_config) = 'object'),
  base_url text NOT NULL CONSTRAINT integration_connectors_base_url_length CHECK (char_length(base_url) BETWEEN 8 AND 2000),
  -- Beyond the base URL's own host.
  allowed_hosts text[] NOT NULL DEFAULT '{}' CONSTRAINT integration_connectors_allowed_hosts_few CHECK (cardinality(allowed_hosts) <= 20),
  -- Where its secrets are.
  secret_storage text NOT NULL DEFAULT 'sealed' CONSTRAINT integration_connectors_secret_storage_known CHECK (secret_storage IN ('sealed', 'vault')),
  grant_id uuid,
  config_schema jsonb NOT NULL DEFAULT '{}' CONSTRAINT integration_connectors_config_schema_object CHECK (jsonb_typeof(config_schema) = 'object'),
  config_data jsonb NOT NULL DEFAULT '{}' CONSTRAINT integration_connectors_config_data_object CHECK (jsonb_typeof(config_data) = 'object'),
  api_spec jsonb CONSTRAINT integration_connectors_api_spec_object CHECK (jsonb_typeof(api_spec) = 'object'),
  scopes text[] NOT NULL DEFAULT '{}' CONSTRAINT integration_connectors_scopes_few CHECK (cardinality(scopes) <= 200),
  classifications text[] NOT NULL DEFAULT '{}' CONSTRAINT integration_connectors_classifications_known
    CHECK (classifications <@ ARRAY['redis', 'http-log', 'syslog', 'file-log', 'tcp-log', 'udp-log']),
  metadata jsonb NOT NULL DEFAULT '{}' CONSTRAINT integration_connectors_metadata_object CHECK (jsonb_typeof(metadata) = 'object'),
  test_request jsonb CONSTRAINT integration_connectors_test_request_object CHECK (jsonb_typeof(test_request) = 'object'),
  pagination jsonb CONSTRAINT integration_connectors_pagination_object CHECK (jsonb_typeof(pagination) = 'object'),
  -- Calls a second over all replicas; NULL = no limit of its own.
  rate_limit double precision CONSTRAINT integration_connectors_rate_limit_positive CHECK (rate_limit > 0),
  timeout_seconds double precision CONSTRAINT integration_connectors_timeout_range CHECK (timeout_seconds BETWEEN 0.1 AND 300),
  is_active boolean NOT NULL DEFAULT true,
  last_connected_at timestamptz,
  last_error jsonb CONSTRAINT integration_connectors_last_error_object CHECK (jsonb_typeof(last_error) = 'object'),
  -- Counts changes: a copy in some memory is as good as its version.
  version bigint NOT NULL DEFAULT 1,
  created_by uuid,
  request_id text CONSTRAINT integration_connectors_request_id_length CHECK (char_length(request_id) BETWEEN 1 AND 255),
  request_hash bytea CONSTRAINT integration_connectors_request_hash_length CHECK (octet_length(request_hash) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, connector_id),
  CONSTRAINT integration_connectors_project_exists FOREIGN KEY (tenant_id, project_id) REFERENCES tenancy.projects ON DELETE CASCADE,
  CONSTRAINT integration_connectors_sizes CHECK (octet_length(auth_config::text) <= 65536 AND octet_length(config_schema::text) <= 65536
    AND octet_length(config_data::text) <= 65536 AND octet_length(metadata::text) <= 65536 AND octet_length(api_spec::text) <= 4194304)
);
-- Unique within the tenant, or within the project.
CREATE UNIQUE INDEX integration_connectors_name_unique ON connector.integration_connectors (tenant_id, project_id, connector_name) NULLS NOT DISTINCT;
CREATE UNIQUE INDEX integration_connectors_request_id_unique ON connector.integration_connectors (tenant_id, request_id) WHERE request_id IS NOT NULL;
CREATE INDEX integration_connectors_by_service ON connector.integration_connectors (tenant_id, service_name);
CREATE INDEX integration_connectors_by_type ON connector.integration_connectors (tenant_id, connector_type, connector_name);
CALL auth.isolate('connector.integration_connectors');
-- Changes by people; what calls leave behind is none.
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON connector.integration_connectors FOR EACH ROW WHEN (NEW.version <> OLD.version) EXECUTE FUNCTION auth.touch_updated_at();
GRANT SELECT, INSERT, UPDATE, DELETE ON connector.integration_connectors TO penstock_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON connector.integration_connectors TO penstock_admin;

-- Which project a workflow is of, for services that are told of a workflow and hold it to its project's things.
CREATE FUNCTION workflow.project_of(tenant uuid, workflow uuid) RETURNS uuid LANGUAGE sql STABLE
  AS $$ SELECT w.project_id FROM workflow.workflows w WHERE w.tenant_id = tenant AND w.workflow_id = workflow $$;

-- What is decided on create stays. (That a row stays its tenant's is the policies' to say.)
CREATE FUNCTION connector.keep_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.connector_id, NEW.project_id, NEW.connector_name, NEW.service_name, NEW.connector_type, NEW.auth_type)
    IS DISTINCT FROM (OLD.connector_id, OLD.project_id, OLD.connector_name, OLD.service_name, OLD.connector_type, OLD.auth_type) THEN
    RAISE EXCEPTION 'project, name, service, type and auth type of a connector never change'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'integration_connectors_identity_kept';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_identity BEFORE UPDATE ON connector.integration_connectors FOR EACH ROW EXECUTE FUNCTION connector.keep_identity();

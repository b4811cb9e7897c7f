-- Project connectors: a name by which workflows of one project call an interface of a service of another.

-- For what refers to a workflow of a certain project.
ALTER TABLE workflow.workflows ADD CONSTRAINT workflows_of_project UNIQUE (tenant_id, workflow_id, project_id);

CREATE TABLE connector.project_connectors (
  tenant_id uuid NOT NULL REFERENCES tenancy.tenants ON DELETE CASCADE,
  project_connector_id uuid NOT NULL,
  source_project_id uuid NOT NULL,
  target_project_id uuid NOT NULL,
  -- The workflow.
  target_service_id uuid NOT NULL,
  target_interface_id uuid NOT NULL,
  name text NOT NULL CONSTRAINT project_connectors_name_form CHECK (name ~ '^[A-Za-z0-9]([A-Za-z0-9._-]{0,253}[A-Za-z0-9])?$'),
  display_name text NOT NULL CONSTRAINT project_connectors_display_name_length CHECK (char_length(display_name) BETWEEN 1 AND 255),
  description text NOT NULL DEFAULT '' CONSTRAINT project_connectors_description_length CHECK (char_length(description) <= 2000),
  -- Whose workflows may use it: private = the source project's, organization and public = all of the tenant's.
  visibility text NOT NULL DEFAULT 'private' CONSTRAINT project_connectors_visibility_known CHECK (visibility IN ('private', 'organization', 'public')),
  auth_config jsonb CONSTRAINT project_connectors_auth_config_object CHECK (jsonb_typeof(auth_config) = 'object'),
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, project_connector_id),
  CONSTRAINT project_connectors_name_unique UNIQUE (tenant_id, source_project_id, name),
  -- The chain: each link belongs to the one before it, for as long as the row is there.
  CONSTRAINT project_connectors_source_project_exists FOREIGN KEY (tenant_id, source_project_id) REFERENCES tenancy.projects ON DELETE CASCADE,
  CONSTRAINT project_connectors_target_project_exists FOREIGN KEY (tenant_id, target_project_id) REFERENCES tenancy.projects ON DELETE CASCADE,
  CONSTRAINT project_connectors_service_of_project FOREIGN KEY (tenant_id, target_service_id, target_project_id)
    REFERENCES workflow.workflows (tenant_id, workflow_id, project_id) ON DELETE CASCADE,
  CONSTRAINT project_connectors_interface_of_service FOREIGN KEY (tenant_id, target_interface_id, target_service_id)
    REFERENCES interface.service_interfaces (tenant_id, interface_id, service_id) ON DELETE CASCADE,
  CONSTRAINT project_connectors_auth_config_is_public CHECK (auth_config IS NULL OR visibility = 'public'),
  CONSTRAINT project_connectors_sizes CHECK (octet_length(auth_config::text) <= 65536)
);
CREATE INDEX project_connectors_by_name ON connector.project_connectors (tenant_id, name);
CREATE INDEX project_connectors_by_target_project ON connector.project_connectors (tenant_id, target_project_id, project_connector_id DESC);
CREATE INDEX project_connectors_by_target_service ON connector.project_connectors (tenant_id, target_service_id);
CREATE INDEX project_connectors_by_target_interface ON connector.project_connectors (tenant_id, target_interface_id);
CALL auth.isolate('connector.project_connectors');
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON connector.project_connectors FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();
GRANT SELECT, INSERT, UPDATE, DELETE ON connector.project_connectors TO penstock_server, penstock_admin;

-- What is decided on create stays.
CREATE FUNCTION connector.keep_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.project_connector_id, NEW.source_project_id, NEW.target_project_id, NEW.target_service_id, NEW.target_interface_id, NEW.name)
    IS DISTINCT FROM (OLD.project_connector_id, OLD.source_project_id, OLD.target_project_id, OLD.target_service_id, OLD.target_interface_id, OLD.name) THEN
    RAISE EXCEPTION 'name, projects, service and interface of a project connector never change'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'project_connectors_chain_kept';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_chain BEFORE UPDATE ON connector.project_connectors FOR EACH ROW EXECUTE FUNCTION connector.keep_chain();

-- Which service an interface is of, for whoever wants to say what is wrong with a chain.
CREATE FUNCTION interface.service_of(tenant uuid, wanted uuid) RETURNS uuid LANGUAGE sql STABLE
  AS $$ SELECT i.service_id FROM interface.service_interfaces i WHERE i.tenant_id = tenant AND i.interface_id = wanted $$;

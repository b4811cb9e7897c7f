-- What services let others call: a signal, a query or the start of a workflow each, with the shape of what goes in and what comes out.
CREATE SCHEMA interface;
GRANT USAGE ON SCHEMA interface TO penstock_admin, penstock_server;

CREATE TABLE interface.service_interfaces (
  tenant_id uuid NOT NULL REFERENCES tenancy.tenants ON DELETE CASCADE,
  interface_id uuid NOT NULL,
  -- The workflow.
  service_id uuid NOT NULL,
  name text NOT NULL CONSTRAINT service_interfaces_name_form CHECK (name ~ '^[A-Za-z0-9]([A-Za-z0-9._-]{0,253}[A-Za-z0-9])?$'),
  display_name text NOT NULL CONSTRAINT service_interfaces_display_name_length CHECK (char_length(display_name) BETWEEN 1 AND 255),
  description text NOT NULL DEFAULT '' CONSTRAINT service_interfaces_description_length CHECK (char_length(description) <= 2000),
  interface_type text NOT NULL CONSTRAINT service_interfaces_type_known CHECK (interface_type IN ('signal', 'query', 'update', 'start_child')),
  -- Of the workflow: the name of a signal or of a query.
  callable_name text NOT NULL CONSTRAINT service_interfaces_callable_name_length CHECK (char_length(callable_name) <= 100),
  payload_schema jsonb NOT NULL DEFAULT '{}' CONSTRAINT service_interfaces_payload_schema_object CHECK (jsonb_typeof(payload_schema) = 'object'),
  -- NULL = whatever comes out.
  return_schema jsonb CONSTRAINT service_interfaces_return_schema_object CHECK (jsonb_typeof(return_schema) = 'object'),
  is_public boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, interface_id),
  CONSTRAINT service_interfaces_name_unique UNIQUE (tenant_id, service_id, name),
  -- For what refers to an interface of a certain service.
  CONSTRAINT service_interfaces_of_service UNIQUE (tenant_id, interface_id, service_id),
  CONSTRAINT service_interfaces_service_exists FOREIGN KEY (tenant_id, service_id) REFERENCES workflow.workflows ON DELETE CASCADE,
  CONSTRAINT service_interfaces_start_names_nothing CHECK ((interface_type = 'start_child') = (callable_name = '')),
  CONSTRAINT service_interfaces_query_takes_nothing CHECK (interface_type <> 'query' OR payload_schema = '{}'),
  CONSTRAINT service_interfaces_signal_returns_nothing CHECK (interface_type <> 'signal' OR return_schema IS NULL),
  CONSTRAINT service_interfaces_sizes CHECK (octet_length(payload_schema::text) <= 65536 AND octet_length(return_schema::text) <= 65536)
);
CREATE INDEX service_interfaces_by_type ON interface.service_interfaces (tenant_id, interface_type, interface_id DESC);
CALL auth.isolate('interface.service_interfaces');
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON interface.service_interfaces FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();
GRANT SELECT, INSERT, UPDATE, DELETE ON interface.service_interfaces TO penstock_server, penstock_admin;

-- What callers rely on stays.
CREATE FUNCTION interface.keep_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.interface_id, NEW.service_id, NEW.name, NEW.interface_type, NEW.callable_name)
    IS DISTINCT FROM (OLD.interface_id, OLD.service_id, OLD.name, OLD.interface_type, OLD.callable_name) THEN
    RAISE EXCEPTION 'service, name, type and callable of an interface never change'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'service_interfaces_identity_kept';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_identity BEFORE UPDATE ON interface.service_interfaces FOR EACH ROW EXECUTE FUNCTION interface.keep_identity();

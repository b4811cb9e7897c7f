-- Roles are made by penstock-migrate before the first migration, because a role belongs to the cluster
-- and its password to the operator: penstock_owner, penstock_admin, penstock_server, penstock_engine.

CREATE SCHEMA auth;
CREATE SCHEMA tenancy;
CREATE SCHEMA workflow;
GRANT USAGE ON SCHEMA auth, tenancy, workflow TO penstock_admin, penstock_server, penstock_engine;

-- Who a transaction runs for, as its settings say; NULL without a setting, so that a policy comparing with it sees no rows.
CREATE FUNCTION auth.tenant_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$;
CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT nullif(current_setting('app.role', true), '') $$;

-- Turns on and forces row-level security for a tenant-owned table: the server role sees and writes the rows of the
-- transaction's tenant only, the admin role those of every tenant.
CREATE PROCEDURE auth.isolate(target regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY own_rows_select ON %s FOR SELECT TO penstock_server USING (tenant_id = (SELECT auth.tenant_id()))', target);
  EXECUTE format('CREATE POLICY own_rows_insert ON %s FOR INSERT TO penstock_server WITH CHECK (tenant_id = (SELECT auth.tenant_id()))', target);
  EXECUTE format('CREATE POLICY own_rows_update ON %s FOR UPDATE TO penstock_server USING (tenant_id = (SELECT auth.tenant_id())) WITH CHECK (tenant_id = (SELECT auth.tenant_id()))', target);
  EXECUTE format('CREATE POLICY own_rows_delete ON %s FOR DELETE TO penstock_server USING (tenant_id = (SELECT auth.tenant_id()))', target);
  EXECUTE format('CREATE POLICY lifecycle ON %s TO penstock_admin USING (true) WITH CHECK (true)', target);
END $$;

-- Refuses UPDATE and DELETE, even to the owner of the rows.
CREATE FUNCTION auth.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%.% is append-only', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION auth.touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END $$;

CREATE TABLE tenancy.tenants (
  tenant_id uuid PRIMARY KEY,
  slug text NOT NULL CONSTRAINT tenants_slug_unique UNIQUE
    CONSTRAINT tenants_slug_form CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  name text NOT NULL CONSTRAINT tenants_name_length CHECK (char_length(name) BETWEEN 1 AND 255),
  email text CONSTRAINT tenants_email_length CHECK (char_length(email) BETWEEN 3 AND 320),
  plan text NOT NULL DEFAULT 'free' CONSTRAINT tenants_plan_known CHECK (plan IN ('free', 'pro', 'enterprise')),
  status text NOT NULL DEFAULT 'active' CONSTRAINT tenants_status_known CHECK (status IN ('pending', 'active', 'suspended', 'deleting')),
  -- Deliveries per second before 429; NULL = the service's default.
  webhook_rate_limit integer CONSTRAINT tenants_webhook_rate_limit_positive CHECK (webhook_rate_limit > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CALL auth.isolate('tenancy.tenants');
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON tenancy.tenants FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

CREATE TABLE tenancy.projects (
  tenant_id uuid NOT NULL REFERENCES tenancy.tenants ON DELETE CASCADE,
  project_id uuid NOT NULL,
  name text NOT NULL CONSTRAINT projects_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
  description text NOT NULL DEFAULT '' CONSTRAINT projects_description_length CHECK (char_length(description) <= 500),
  is_default boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, project_id),
  CONSTRAINT projects_name_unique UNIQUE (tenant_id, name)
);
CREATE UNIQUE INDEX projects_one_default ON tenancy.projects (tenant_id) WHERE is_default;
CALL auth.isolate('tenancy.projects');
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON tenancy.projects FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

CREATE TABLE tenancy.users (
  tenant_id uuid NOT NULL REFERENCES tenancy.tenants ON DELETE CASCADE,
  user_id uuid NOT NULL,
  email text NOT NULL CONSTRAINT users_email_length CHECK (char_length(email) BETWEEN 3 AND 320),
  first_name text NOT NULL DEFAULT '',
  last_name text NOT NULL DEFAULT '',
  status text NOT NULL DEFAULT 'active' CONSTRAINT users_status_known CHECK (status IN ('active', 'disabled')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, user_id)
);
CREATE UNIQUE INDEX users_email_unique ON tenancy.users (tenant_id, lower(email));
CALL auth.isolate('tenancy.users');
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON tenancy.users FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

CREATE TABLE tenancy.api_keys (
  tenant_id uuid NOT NULL REFERENCES tenancy.tenants ON DELETE CASCADE,
  api_key_id uuid NOT NULL,
  name text NOT NULL CONSTRAINT api_keys_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
  -- Shown to tell keys apart: "pk_live_" or "pk_test_" and the first 8 characters.
  prefix text NOT NULL CONSTRAINT api_keys_prefix_form CHECK (prefix ~ '^pk_(live|test)_[A-Za-z0-9_-]{8}$'),
  -- SHA-256 of the whole key. The key has 32 random bytes, so a slow hash would add nothing.
  key_hash bytea NOT NULL CONSTRAINT api_keys_hash_unique UNIQUE CONSTRAINT api_keys_hash_length CHECK (octet_length(key_hash) = 32),
  role text NOT NULL DEFAULT 'developer' CONSTRAINT api_keys_role_known CHECK (role IN ('owner', 'admin', 'developer', 'operator', 'viewer')),
  user_id uuid,
  project_id uuid,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, api_key_id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES tenancy.users ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, project_id) REFERENCES tenancy.projects ON DELETE CASCADE
);
CALL auth.isolate('tenancy.api_keys');

-- The two questions asked before a tenant is known. Each answers one row for an exact secret or name and nothing else, so they may
-- look past row-level security; they run as their owner, whom a policy lets read exactly these tables.
CREATE POLICY lookup ON tenancy.api_keys FOR SELECT TO penstock_owner USING (true);
CREATE POLICY lookup ON tenancy.tenants FOR SELECT TO penstock_owner USING (true);

CREATE FUNCTION tenancy.find_api_key(hash bytea)
  RETURNS TABLE (tenant_id uuid, api_key_id uuid, user_id uuid, project_id uuid, role text, expires_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT k.tenant_id, k.api_key_id, k.user_id, k.project_id, k.role, k.expires_at
        FROM tenancy.api_keys k JOIN tenancy.tenants t USING (tenant_id)
        WHERE k.key_hash = hash AND k.revoked_at IS NULL AND t.status = 'active'
          AND (k.expires_at IS NULL OR k.expires_at > now()) $$;

CREATE FUNCTION tenancy.find_tenant(client text)
  RETURNS TABLE (tenant_id uuid, webhook_rate_limit integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT t.tenant_id, t.webhook_rate_limit FROM tenancy.tenants t
        WHERE t.status = 'active' AND (t.slug = client OR t.tenant_id =
          CASE WHEN client ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN client::uuid END) $$;

REVOKE ALL ON FUNCTION tenancy.find_api_key(bytea), tenancy.find_tenant(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenancy.find_api_key(bytea), tenancy.find_tenant(text) TO penstock_server;

GRANT SELECT, INSERT, UPDATE, DELETE ON tenancy.projects, tenancy.users, tenancy.api_keys TO penstock_server;
GRANT SELECT, UPDATE ON tenancy.tenants TO penstock_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA tenancy TO penstock_admin;

-- Identity: roles of users, passwords, sessions, settings of a tenant, its companies, and the audit log.

-- The roles are Penstock's own and the same for every tenant; libs/auth/role.h has them in code.
CREATE TABLE tenancy.roles (
  role text PRIMARY KEY,
  -- A role may do what those of lower rank may.
  rank smallint NOT NULL CONSTRAINT roles_rank_unique UNIQUE,
  description text NOT NULL
);
INSERT INTO tenancy.roles VALUES
  ('viewer', 1, 'reads'),
  ('operator', 2, 'starts and steers executions'),
  ('developer', 3, 'changes workflows and makes API keys'),
  ('admin', 4, 'manages people, projects and the tenant''s settings'),
  ('owner', 5, 'manages admins, too');

CREATE TABLE tenancy.user_roles (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role text NOT NULL CONSTRAINT user_roles_role_known REFERENCES tenancy.roles,
  granted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, user_id, role),
  CONSTRAINT user_roles_user_exists FOREIGN KEY (tenant_id, user_id) REFERENCES tenancy.users ON DELETE CASCADE
);
CREATE INDEX user_roles_by_role ON tenancy.user_roles (tenant_id, role);
CALL auth.isolate('tenancy.user_roles');

ALTER TABLE tenancy.users
  ADD CONSTRAINT users_email_form CHECK (email ~ '^[^\s@]+@[^\s@]+$'),
  ADD CONSTRAINT users_first_name_length CHECK (char_length(first_name) <= 100),
  ADD CONSTRAINT users_last_name_length CHECK (char_length(last_name) <= 100),
  ADD COLUMN last_login_at timestamptz,
  -- What an address is looked up by. A column and not an index on lower(email): past the policies of a tenant a function that might tell
  -- what it was given (as lower might) is no condition of an index.
  ADD COLUMN email_key text NOT NULL GENERATED ALWAYS AS (lower(email)) STORED;
DROP INDEX tenancy.users_email_unique;
CREATE UNIQUE INDEX users_email_unique ON tenancy.users (tenant_id, email_key);

-- Passwords are in a table of their own, so that no read of users carries them.
CREATE TABLE tenancy.user_credentials (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  -- libsodium's encoding, which holds salt and cost.
  password_hash text NOT NULL CONSTRAINT user_credentials_argon2id CHECK (password_hash ~ '^\$argon2id\$v=19\$'),
  -- A temporary password: good for nothing but to choose another.
  must_change boolean NOT NULL DEFAULT false,
  expires_at timestamptz,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, user_id),
  CONSTRAINT user_credentials_user_exists FOREIGN KEY (tenant_id, user_id) REFERENCES tenancy.users ON DELETE CASCADE,
  CONSTRAINT user_credentials_temporary_expires CHECK (NOT must_change OR expires_at IS NOT NULL)
);
CALL auth.isolate('tenancy.user_credentials');

-- One sign-in and the refresh tokens that came of it: a family, which is revoked as a whole.
CREATE TABLE tenancy.sessions (
  tenant_id uuid NOT NULL,
  session_id uuid NOT NULL,
  user_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  -- Refreshing does not move it.
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_because text CONSTRAINT sessions_revoked_because_known
    CHECK (revoked_because IN ('logout', 'reuse', 'password_changed', 'password_reset', 'disabled')),
  PRIMARY KEY (tenant_id, session_id),
  CONSTRAINT sessions_user_exists FOREIGN KEY (tenant_id, user_id) REFERENCES tenancy.users ON DELETE CASCADE,
  CONSTRAINT sessions_revoked_with_reason CHECK ((revoked_at IS NULL) = (revoked_because IS NULL))
);
CREATE INDEX sessions_by_user ON tenancy.sessions (tenant_id, user_id);
CREATE INDEX sessions_by_expiry ON tenancy.sessions (tenant_id, expires_at);
CALL auth.isolate('tenancy.sessions');

CREATE TABLE tenancy.refresh_tokens (
  tenant_id uuid NOT NULL,
  session_id uuid NOT NULL,
  -- SHA-256 of the token's 32 random bytes.
  token_hash bytea NOT NULL CONSTRAINT refresh_tokens_hash_length CHECK (octet_length(token_hash) = 32),
  issued_at timestamptz NOT NULL,
  used_at timestamptz,
  -- The caller's own id of the refresh that used it, hashed: tells the retry of a lost answer from a theft.
  request_hash bytea CONSTRAINT refresh_tokens_request_hash_length CHECK (octet_length(request_hash) = 32),
  -- With the token itself, what its successor is made of: neither is enough alone.
  successor_salt bytea CONSTRAINT refresh_tokens_salt_length CHECK (octet_length(successor_salt) = 32),
  PRIMARY KEY (tenant_id, session_id, token_hash),
  CONSTRAINT refresh_tokens_session_exists FOREIGN KEY (tenant_id, session_id) REFERENCES tenancy.sessions ON DELETE CASCADE,
  CONSTRAINT refresh_tokens_used_with_salt CHECK ((used_at IS NULL) = (successor_salt IS NULL)),
  CONSTRAINT refresh_tokens_request_of_use CHECK (request_hash IS NULL OR used_at IS NOT NULL)
);
-- The database itself lets a family have one good token at a time.
CREATE UNIQUE INDEX refresh_tokens_one_unused ON tenancy.refresh_tokens (tenant_id, session_id) WHERE used_at IS NULL;
CALL auth.isolate('tenancy.refresh_tokens');

CREATE INDEX api_keys_by_user ON tenancy.api_keys (tenant_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX api_keys_by_project ON tenancy.api_keys (tenant_id, project_id) WHERE project_id IS NOT NULL;
-- The key that took this one's place.
ALTER TABLE tenancy.api_keys ADD COLUMN replaced_by uuid;

CREATE TABLE tenancy.tenant_settings (
  tenant_id uuid PRIMARY KEY REFERENCES tenancy.tenants ON DELETE CASCADE,
  onboarding_completed boolean NOT NULL DEFAULT false,
  onboarding_completed_at timestamptz,
  onboarding_skipped boolean NOT NULL DEFAULT false,
  onboarding_data jsonb NOT NULL DEFAULT '{}' CONSTRAINT tenant_settings_onboarding_object CHECK (jsonb_typeof(onboarding_data) = 'object'),
  settings jsonb NOT NULL DEFAULT '{}' CONSTRAINT tenant_settings_settings_object CHECK (jsonb_typeof(settings) = 'object'),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT tenant_settings_completed_with_time CHECK (onboarding_completed = (onboarding_completed_at IS NOT NULL)),
  CONSTRAINT tenant_settings_size CHECK (octet_length(onboarding_data::text) <= 65536 AND octet_length(settings::text) <= 65536)
);
CALL auth.isolate('tenancy.tenant_settings');
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON tenancy.tenant_settings FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

CREATE TABLE tenancy.tenant_email_settings (
  tenant_id uuid PRIMARY KEY REFERENCES tenancy.tenants ON DELETE CASCADE,
  email_provider text NOT NULL DEFAULT 'smtp' CONSTRAINT tenant_email_settings_provider_known CHECK (email_provider IN ('smtp', 'resend', 'hybrid')),
  -- No credentials: those belong to a connector.
  provider_configs jsonb NOT NULL DEFAULT '[]' CONSTRAINT tenant_email_settings_configs_array CHECK (jsonb_typeof(provider_configs) = 'array'),
  fallback_enabled boolean NOT NULL DEFAULT true,
  tracking_enabled boolean NOT NULL DEFAULT false,
  max_daily_emails integer CONSTRAINT tenant_email_settings_max_daily_positive CHECK (max_daily_emails > 0),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CALL auth.isolate('tenancy.tenant_email_settings');
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON tenancy.tenant_email_settings FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

CREATE TABLE tenancy.companies (
  tenant_id uuid NOT NULL REFERENCES tenancy.tenants ON DELETE CASCADE,
  company_id uuid NOT NULL,
  name text NOT NULL CONSTRAINT companies_name_length CHECK (char_length(name) BETWEEN 1 AND 255),
  properties jsonb NOT NULL DEFAULT '{}' CONSTRAINT companies_properties_object CHECK (jsonb_typeof(properties) = 'object'),
  -- The caller's idempotency key of CreateCompany, and a hash of what it asked for.
  request_id text CONSTRAINT companies_request_id_length CHECK (char_length(request_id) BETWEEN 1 AND 255),
  request_hash bytea CONSTRAINT companies_request_hash_length CHECK (octet_length(request_hash) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, company_id)
);
CREATE UNIQUE INDEX companies_request_id_unique ON tenancy.companies (tenant_id, request_id) WHERE request_id IS NOT NULL;
CALL auth.isolate('tenancy.companies');
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON tenancy.companies FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- Which of its companies a tenant itself is.
CREATE TABLE tenancy.tenant_companies (
  tenant_id uuid NOT NULL,
  company_id uuid NOT NULL,
  is_default boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  PRIMARY KEY (tenant_id, company_id),
  CONSTRAINT tenant_companies_company_exists FOREIGN KEY (tenant_id, company_id) REFERENCES tenancy.companies ON DELETE CASCADE,
  CONSTRAINT tenant_companies_deleted_is_no_default CHECK (deleted_at IS NULL OR NOT is_default)
);
CREATE UNIQUE INDEX tenant_companies_one_default ON tenancy.tenant_companies (tenant_id) WHERE is_default;
CALL auth.isolate('tenancy.tenant_companies');

CREATE TABLE tenancy.user_profiles (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  name text CONSTRAINT user_profiles_name_length CHECK (char_length(name) <= 201),
  plan_type text NOT NULL DEFAULT 'free' CONSTRAINT user_profiles_plan_known CHECK (plan_type IN ('free', 'pro', 'enterprise')),
  usage_count integer NOT NULL DEFAULT 0 CONSTRAINT user_profiles_usage_not_negative CHECK (usage_count >= 0),
  subscription_status text NOT NULL DEFAULT 'active'
    CONSTRAINT user_profiles_subscription_known CHECK (subscription_status IN ('active', 'cancelled', 'expired')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, user_id),
  CONSTRAINT user_profiles_user_exists FOREIGN KEY (tenant_id, user_id) REFERENCES tenancy.users ON DELETE CASCADE
);
CALL auth.isolate('tenancy.user_profiles');
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON tenancy.user_profiles FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

-- A profile comes with its user and in no other way: services may not insert one. No user exists yet, so none lacks one.
CREATE POLICY made_with_user ON tenancy.user_profiles FOR INSERT TO penstock_owner WITH CHECK (true);
CREATE FUNCTION tenancy.make_user_profile() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO tenancy.user_profiles (tenant_id, user_id, name)
  VALUES (NEW.tenant_id, NEW.user_id, nullif(trim(NEW.first_name || ' ' || NEW.last_name), ''));
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION tenancy.make_user_profile() FROM PUBLIC;
CREATE TRIGGER make_profile AFTER INSERT ON tenancy.users FOR EACH ROW EXECUTE FUNCTION tenancy.make_user_profile();

-- Deleting a project must not take its workflows along unasked. Deleting a tenant still takes both, because this is checked at the end.
ALTER TABLE workflow.workflows
  DROP CONSTRAINT workflows_tenant_id_project_id_fkey,
  ADD CONSTRAINT workflows_project_exists FOREIGN KEY (tenant_id, project_id) REFERENCES tenancy.projects;

-- The audit log: who changed what. Numbered without gaps and chained by hash for each tenant, so that a row that was changed, taken out or
-- put in later shows (AuditService.VerifyAuditLog). Without foreign keys: the log outlives what it tells of.
CREATE TABLE tenancy.audit_log (
  tenant_id uuid NOT NULL,
  sequence bigint NOT NULL,
  occurred_at timestamptz NOT NULL,
  actor_user_id uuid,
  actor_api_key_id uuid,
  actor_service text NOT NULL DEFAULT '',
  action text NOT NULL CONSTRAINT audit_log_action_form CHECK (action ~ '^[a-z_]+\.[a-z_]+$'),
  resource_type text NOT NULL,
  resource_id text NOT NULL,
  details jsonb NOT NULL DEFAULT '{}' CONSTRAINT audit_log_details_object CHECK (jsonb_typeof(details) = 'object'),
  request_id text NOT NULL DEFAULT '',
  previous_hash bytea NOT NULL CONSTRAINT audit_log_previous_hash_length CHECK (octet_length(previous_hash) = 32),
  hash bytea NOT NULL CONSTRAINT audit_log_hash_length CHECK (octet_length(hash) = 32),
  PRIMARY KEY (tenant_id, sequence)
);
CREATE INDEX audit_log_by_resource ON tenancy.audit_log (tenant_id, resource_type, resource_id, sequence);
CREATE INDEX audit_log_by_action ON tenancy.audit_log (tenant_id, action, sequence);
CREATE INDEX audit_log_by_time ON tenancy.audit_log (tenant_id, occurred_at);
CALL auth.isolate('tenancy.audit_log');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON tenancy.audit_log FOR EACH ROW EXECUTE FUNCTION auth.refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON tenancy.audit_log FOR EACH STATEMENT EXECUTE FUNCTION auth.refuse_change();

-- The end of each tenant's chain; its row lock puts writers in line. Kept apart from the log so that rows missing at the end show, too.
CREATE TABLE tenancy.audit_heads (
  tenant_id uuid PRIMARY KEY,
  sequence bigint NOT NULL,
  hash bytea NOT NULL CONSTRAINT audit_heads_hash_length CHECK (octet_length(hash) = 32)
);
CALL auth.isolate('tenancy.audit_heads');
-- Services only read it: the function below writes it, for the transaction's tenant.
CREATE POLICY chain ON tenancy.audit_heads TO penstock_owner
  USING (tenant_id = (SELECT auth.tenant_id())) WITH CHECK (tenant_id = (SELECT auth.tenant_id()));

-- A field of the hashed text: its length in four bytes, then its characters, so that no two rows read the same. NULL is as empty.
CREATE FUNCTION tenancy.audit_field(value text) RETURNS bytea LANGUAGE sql IMMUTABLE
  AS $$ SELECT int4send(octet_length(coalesce(value, ''))) || convert_to(coalesce(value, ''), 'UTF8') $$;

-- services/interfaces/domain/audit_chain.cc computes the same.
CREATE FUNCTION tenancy.chain_audit_row() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
REVOKE ALL ON FUNCTION tenancy.chain_audit_row(), tenancy.audit_field(text) FROM PUBLIC;
CREATE TRIGGER chain BEFORE INSERT ON tenancy.audit_log FOR EACH ROW EXECUTE FUNCTION tenancy.chain_audit_row();

-- Sign-in needs no look-up of its own past row-level security: tenancy.find_tenant tells the tenant, and from then on the policies hold.

GRANT SELECT ON tenancy.roles, tenancy.audit_heads TO penstock_server;
GRANT SELECT, INSERT ON tenancy.audit_log TO penstock_server;
GRANT SELECT, UPDATE ON tenancy.user_profiles TO penstock_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON tenancy.user_roles, tenancy.user_credentials, tenancy.sessions, tenancy.refresh_tokens,
  tenancy.tenant_settings, tenancy.tenant_email_settings, tenancy.companies, tenancy.tenant_companies TO penstock_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON tenancy.user_roles, tenancy.user_credentials, tenancy.sessions, tenancy.refresh_tokens,
  tenancy.tenant_settings, tenancy.tenant_email_settings, tenancy.companies, tenancy.tenant_companies, tenancy.user_profiles TO penstock_admin;
GRANT SELECT ON tenancy.roles, tenancy.audit_heads TO penstock_admin;
GRANT SELECT, INSERT ON tenancy.audit_log TO penstock_admin;

-- Grants: what a provider has allowed us to do, apart from the connectors that use it. No token is here: those are sealed, in tables of their own.
-- Every time here is the database's.

CREATE TABLE connector.oauth_grants (
  tenant_id uuid NOT NULL REFERENCES tenancy.tenants ON DELETE CASCADE,
  grant_id uuid NOT NULL,
  -- Whose client id and client secret get its tokens. Other connectors may use them, too.
  connector_id uuid NOT NULL,
  display_name text NOT NULL CONSTRAINT oauth_grants_display_name_length CHECK (char_length(display_name) BETWEEN 1 AND 255),
  -- The connector's auth_config when the grant was made: a later change there does not send its tokens elsewhere.
  config jsonb NOT NULL CONSTRAINT oauth_grants_config_object CHECK (jsonb_typeof(config) = 'object' AND octet_length(config::text) <= 65536),
  state text NOT NULL DEFAULT 'pending'
    CONSTRAINT oauth_grants_state_known CHECK (state IN ('pending', 'active', 'degraded', 'needs_reauth', 'disabled')),
  state_reason text NOT NULL DEFAULT '' CONSTRAINT oauth_grants_state_reason_form CHECK (state_reason ~ '^[a-z_]{0,60}$'),
  state_changed_at timestamptz NOT NULL DEFAULT now(),
  scopes_requested text[] NOT NULL DEFAULT '{}' CONSTRAINT oauth_grants_scopes_requested_few CHECK (cardinality(scopes_requested) <= 200),
  scopes_granted text[] NOT NULL DEFAULT '{}' CONSTRAINT oauth_grants_scopes_granted_few CHECK (cardinality(scopes_granted) <= 500),
  -- Counts the tokens it has had; 0 = none yet.
  token_version bigint NOT NULL DEFAULT 0 CONSTRAINT oauth_grants_token_version_counts CHECK (token_version >= 0),
  -- The last version that a third party was seen to take; the one before it is kept until then.
  proven_version bigint NOT NULL DEFAULT 0,
  has_refresh_token boolean NOT NULL DEFAULT false,
  has_previous_token boolean NOT NULL DEFAULT false,
  -- NULL = not known, perhaps never.
  access_expires_at timestamptz,
  -- When a new access token is due; NULL = only when a third party refuses the one we have.
  refresh_at timestamptz,
  refresh_idle_expires_at timestamptz,
  refresh_absolute_expires_at timestamptz,
  refreshed_at timestamptz,
  rejected_at timestamptz,
  -- After a failure: not to be tried before.
  retry_at timestamptz,
  failures integer NOT NULL DEFAULT 0 CONSTRAINT oauth_grants_failures_count CHECK (failures >= 0),
  -- Who gets a new token now. A holder's writes prove its fence.
  lease_owner text CONSTRAINT oauth_grants_lease_owner_length CHECK (char_length(lease_owner) BETWEEN 1 AND 100),
  lease_until timestamptz,
  fence bigint NOT NULL DEFAULT 0,
  -- What the token answer said beside the token: {"instance_url": "https://..."}.
  from_token jsonb NOT NULL DEFAULT '{}' CONSTRAINT oauth_grants_from_token_object CHECK (jsonb_typeof(from_token) = 'object' AND octet_length(from_token::text) <= 16384),
  last_error jsonb CONSTRAINT oauth_grants_last_error_object CHECK (jsonb_typeof(last_error) = 'object' AND octet_length(last_error::text) <= 8192),
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, grant_id),
  CONSTRAINT oauth_grants_connector_exists FOREIGN KEY (tenant_id, connector_id) REFERENCES connector.integration_connectors ON DELETE CASCADE,
  CONSTRAINT oauth_grants_proven_known CHECK (proven_version BETWEEN 0 AND token_version),
  CONSTRAINT oauth_grants_lease_whole CHECK ((lease_owner IS NULL) = (lease_until IS NULL)),
  CONSTRAINT oauth_grants_live_has_token CHECK (state NOT IN ('active', 'degraded') OR token_version > 0)
);
CREATE INDEX oauth_grants_by_connector ON connector.oauth_grants (tenant_id, connector_id);
-- Over all tenants: what the loop that refreshes ahead of time looks for.
CREATE INDEX oauth_grants_due ON connector.oauth_grants (refresh_at) WHERE state IN ('active', 'degraded') AND refresh_at IS NOT NULL;
CALL auth.isolate('connector.oauth_grants');
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON connector.oauth_grants FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();

ALTER TABLE connector.integration_connectors ADD CONSTRAINT integration_connectors_grant_exists
  FOREIGN KEY (tenant_id, grant_id) REFERENCES connector.oauth_grants ON DELETE SET NULL (grant_id);
CREATE INDEX integration_connectors_by_grant ON connector.integration_connectors (tenant_id, grant_id) WHERE grant_id IS NOT NULL;

-- One row for each change of state, in order.
CREATE TABLE connector.oauth_grant_changes (
  tenant_id uuid NOT NULL REFERENCES tenancy.tenants ON DELETE CASCADE,
  grant_id uuid NOT NULL,
  change_id bigint GENERATED ALWAYS AS IDENTITY,
  from_state text NOT NULL,
  to_state text NOT NULL,
  reason text NOT NULL,
  token_version bigint NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, grant_id, change_id),
  CONSTRAINT oauth_grant_changes_grant_exists FOREIGN KEY (tenant_id, grant_id) REFERENCES connector.oauth_grants ON DELETE CASCADE
);
CALL auth.isolate('connector.oauth_grant_changes');

CREATE FUNCTION connector.note_grant_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO connector.oauth_grant_changes (tenant_id, grant_id, from_state, to_state, reason, token_version)
  VALUES (NEW.tenant_id, NEW.grant_id, OLD.state, NEW.state, NEW.state_reason, NEW.token_version);
  RETURN NULL;
END $$;
CREATE TRIGGER note_grant_change AFTER UPDATE OF state ON connector.oauth_grants
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION connector.note_grant_change();

-- Authorizations under way: a browser that was sent to a provider, or a code that somebody types in on another device.
CREATE TABLE connector.oauth_attempts (
  tenant_id uuid NOT NULL REFERENCES tenancy.tenants ON DELETE CASCADE,
  attempt_id uuid NOT NULL,
  grant_id uuid NOT NULL,
  kind text NOT NULL CONSTRAINT oauth_attempts_kind_known CHECK (kind IN ('code', 'device')),
  -- SHA-256 of what the browser shows: the ticket once, to be sent on; then state and cookie together.
  ticket_hash bytea CONSTRAINT oauth_attempts_ticket_hash_unique UNIQUE CONSTRAINT oauth_attempts_ticket_hash_length CHECK (octet_length(ticket_hash) = 32),
  state_hash bytea CONSTRAINT oauth_attempts_state_hash_unique UNIQUE CONSTRAINT oauth_attempts_state_hash_length CHECK (octet_length(state_hash) = 32),
  browser_hash bytea CONSTRAINT oauth_attempts_browser_hash_length CHECK (octet_length(browser_hash) = 32),
  -- The connector's auth_config when it began; the grant's when it ends well.
  config jsonb NOT NULL CONSTRAINT oauth_attempts_config_object CHECK (jsonb_typeof(config) = 'object' AND octet_length(config::text) <= 65536),
  -- Of the redirect URI, one for each provider.
  provider text NOT NULL CONSTRAINT oauth_attempts_provider_form CHECK (provider ~ '^[a-z0-9]([a-z0-9._-]{0,98}[a-z0-9])?$'),
  redirect_uri text NOT NULL DEFAULT '',
  expected_issuer text NOT NULL DEFAULT '',
  -- The id of a registered address.
  return_to text NOT NULL DEFAULT '',
  scopes_requested text[] NOT NULL DEFAULT '{}',
  -- Of a device: when to ask again, and how far apart.
  poll_at timestamptz,
  interval_seconds integer CONSTRAINT oauth_attempts_interval_range CHECK (interval_seconds BETWEEN 1 AND 3600),
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  consumed_at timestamptz,
  outcome text NOT NULL DEFAULT '' CONSTRAINT oauth_attempts_outcome_form CHECK (outcome ~ '^[a-z_]{0,60}$'),
  PRIMARY KEY (tenant_id, attempt_id),
  CONSTRAINT oauth_attempts_grant_exists FOREIGN KEY (tenant_id, grant_id) REFERENCES connector.oauth_grants ON DELETE CASCADE,
  CONSTRAINT oauth_attempts_bound CHECK ((state_hash IS NULL) = (browser_hash IS NULL)),
  CONSTRAINT oauth_attempts_device_polls CHECK (kind <> 'device' OR interval_seconds IS NOT NULL)
);
CREATE INDEX oauth_attempts_by_grant ON connector.oauth_attempts (tenant_id, grant_id, attempt_id);
CREATE INDEX oauth_attempts_to_poll ON connector.oauth_attempts (poll_at) WHERE kind = 'device' AND consumed_at IS NULL;
CREATE INDEX oauth_attempts_old ON connector.oauth_attempts (expires_at);
CALL auth.isolate('connector.oauth_attempts');

-- The journal: a row is committed before a token request is sent, so that after a crash it is known what may have been used up.
CREATE TABLE connector.refresh_attempts (
  tenant_id uuid NOT NULL REFERENCES tenancy.tenants ON DELETE CASCADE,
  attempt_id uuid NOT NULL,
  grant_id uuid NOT NULL,
  fence bigint NOT NULL,
  token_version_used bigint NOT NULL,
  token_used text NOT NULL DEFAULT 'current' CONSTRAINT refresh_attempts_token_used_known CHECK (token_used IN ('none', 'current', 'previous')),
  state text NOT NULL DEFAULT 'sent'
    -- candidate: tokens came when the lease was gone; they are kept, under this attempt, for the next holder.
    CONSTRAINT refresh_attempts_state_known CHECK (state IN ('sent', 'succeeded', 'failed', 'unknown', 'candidate', 'superseded')),
  class text NOT NULL DEFAULT '' CONSTRAINT refresh_attempts_class_form CHECK (class ~ '^[a-z_]{0,60}$'),
  -- Of a candidate: what its answer said beside the tokens.
  answer jsonb CONSTRAINT refresh_attempts_answer_object CHECK (jsonb_typeof(answer) = 'object'),
  started_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, attempt_id),
  CONSTRAINT refresh_attempts_grant_exists FOREIGN KEY (tenant_id, grant_id) REFERENCES connector.oauth_grants ON DELETE CASCADE,
  CONSTRAINT refresh_attempts_candidate_has_answer CHECK (state <> 'candidate' OR answer IS NOT NULL)
);
CREATE INDEX refresh_attempts_by_grant ON connector.refresh_attempts (tenant_id, grant_id, attempt_id);
CREATE INDEX refresh_attempts_open ON connector.refresh_attempts (tenant_id, grant_id) WHERE state IN ('sent', 'unknown', 'candidate');
CREATE INDEX refresh_attempts_old ON connector.refresh_attempts (started_at);
CALL auth.isolate('connector.refresh_attempts');

GRANT SELECT, INSERT, UPDATE, DELETE ON connector.oauth_grants, connector.oauth_attempts, connector.refresh_attempts TO penstock_server;
GRANT SELECT, INSERT ON connector.oauth_grant_changes TO penstock_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON connector.oauth_grants, connector.oauth_attempts, connector.refresh_attempts, connector.oauth_grant_changes
  TO penstock_admin;

-- What is asked before a tenant is known. A browser that comes back knows a state, not a tenant; each question answers one row for an exact secret,
-- and takes it in the same statement, so that of two that ask one has it. The loops ask for ids and nothing else.
CREATE POLICY by_secret ON connector.oauth_attempts TO penstock_owner USING (true) WITH CHECK (true);
CREATE POLICY due ON connector.oauth_grants FOR SELECT TO penstock_owner USING (true);

CREATE FUNCTION connector.open_attempt(ticket bytea, state bytea, browser bytea) RETURNS TABLE (tenant_id uuid, attempt_id uuid)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ UPDATE connector.oauth_attempts a SET state_hash = state, browser_hash = browser, ticket_hash = NULL
        WHERE a.ticket_hash = ticket AND a.kind = 'code' AND a.consumed_at IS NULL AND a.state_hash IS NULL AND a.expires_at > now()
        RETURNING a.tenant_id, a.attempt_id $$;

CREATE FUNCTION connector.consume_attempt(state bytea, browser bytea, redirected_for text) RETURNS TABLE (tenant_id uuid, attempt_id uuid)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ UPDATE connector.oauth_attempts a SET consumed_at = now()
        WHERE a.state_hash = state AND a.browser_hash = browser AND a.provider = redirected_for AND a.consumed_at IS NULL AND a.expires_at > now()
        RETURNING a.tenant_id, a.attempt_id $$;

-- Takes the turn, too: it is not anybody else's for one interval.
CREATE FUNCTION connector.take_device_polls(how_many integer) RETURNS TABLE (tenant_id uuid, attempt_id uuid)
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ UPDATE connector.oauth_attempts a SET poll_at = now() + greatest(a.interval_seconds, 20) * interval '1 second'
        FROM (SELECT o.tenant_id, o.attempt_id FROM connector.oauth_attempts o
              WHERE o.kind = 'device' AND o.consumed_at IS NULL AND o.poll_at <= now()
              ORDER BY o.poll_at LIMIT how_many FOR UPDATE SKIP LOCKED) AS due
        WHERE (a.tenant_id, a.attempt_id) = (due.tenant_id, due.attempt_id)
        RETURNING a.tenant_id, a.attempt_id $$;

CREATE FUNCTION connector.due_grants(how_many integer) RETURNS TABLE (tenant_id uuid, grant_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT g.tenant_id, g.grant_id FROM connector.oauth_grants g
        WHERE g.state IN ('active', 'degraded') AND g.refresh_at IS NOT NULL AND g.refresh_at <= now()
          AND (g.retry_at IS NULL OR g.retry_at <= now()) AND (g.lease_until IS NULL OR g.lease_until <= now())
        ORDER BY g.refresh_at LIMIT how_many $$;

-- Verifiers, device codes and candidates of what is deleted go with it, and so do tokens. Cascades run as the owner.
CREATE POLICY forget ON connector.sealed_values TO penstock_owner USING (owner_kind IN ('grant', 'attempt'));
CREATE FUNCTION connector.forget_secrets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM connector.sealed_values WHERE tenant_id = OLD.tenant_id AND owner_kind = TG_ARGV[0] AND owner_id = (to_jsonb(OLD) ->> TG_ARGV[1])::uuid;
  RETURN NULL;
END $$;
CREATE TRIGGER forget_secrets AFTER DELETE ON connector.oauth_grants FOR EACH ROW EXECUTE FUNCTION connector.forget_secrets('grant', 'grant_id');
CREATE TRIGGER forget_secrets AFTER DELETE ON connector.oauth_attempts FOR EACH ROW EXECUTE FUNCTION connector.forget_secrets('attempt', 'attempt_id');
CREATE TRIGGER forget_secrets AFTER DELETE ON connector.refresh_attempts FOR EACH ROW EXECUTE FUNCTION connector.forget_secrets('attempt', 'attempt_id');

-- Authorizations a day after their end, and the journal of a quarter ago but for what a grant may still need.
CREATE POLICY old ON connector.refresh_attempts TO penstock_owner USING (started_at < now() - interval '90 days');
CREATE FUNCTION connector.drop_old_attempts(how_many integer) RETURNS bigint
  LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
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

REVOKE ALL ON FUNCTION connector.open_attempt(bytea, bytea, bytea), connector.consume_attempt(bytea, bytea, text), connector.take_device_polls(integer),
  connector.due_grants(integer), connector.drop_old_attempts(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION connector.open_attempt(bytea, bytea, bytea), connector.consume_attempt(bytea, bytea, text), connector.take_device_polls(integer),
  connector.due_grants(integer), connector.drop_old_attempts(integer) TO penstock_server;

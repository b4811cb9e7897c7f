-- Secrets of connectors at rest: root keys, a tenant's keys, sealed values, the rotation of all three, and the record of every use.

-- Root keys are not here: only how to tell that one is the right one. The check value is a constant wrapped under the key.
CREATE TABLE connector.root_keys (
  root_key_id text PRIMARY KEY CONSTRAINT root_keys_id_form CHECK (root_key_id ~ '^(local|transit):[A-Za-z0-9._/-]{1,190}$'),
  check_value bytea NOT NULL CONSTRAINT root_keys_check_value_length CHECK (octet_length(check_value) BETWEEN 1 AND 4096),
  -- active: wraps new tenant keys; decrypt_only: unwraps what it wrapped; destroyed: nothing is under it any more.
  state text NOT NULL DEFAULT 'active' CONSTRAINT root_keys_state_known CHECK (state IN ('active', 'decrypt_only', 'destroyed')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX root_keys_one_active ON connector.root_keys (state) WHERE state = 'active';
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON connector.root_keys FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();
GRANT SELECT, INSERT ON connector.root_keys TO penstock_server, penstock_admin;
GRANT UPDATE (state) ON connector.root_keys TO penstock_server, penstock_admin;

-- The keys of a tenant, each wrapped by a root key. Without wrapped_key everything under it is unreadable for good.
CREATE TABLE connector.tenant_keys (
  tenant_id uuid NOT NULL REFERENCES tenancy.tenants ON DELETE CASCADE,
  key_version integer NOT NULL CONSTRAINT tenant_keys_version_positive CHECK (key_version > 0),
  root_key_id text NOT NULL CONSTRAINT tenant_keys_root_key_exists REFERENCES connector.root_keys,
  wrapped_key bytea CONSTRAINT tenant_keys_wrapped_key_length CHECK (octet_length(wrapped_key) BETWEEN 32 AND 4096),
  state text NOT NULL DEFAULT 'active' CONSTRAINT tenant_keys_state_known CHECK (state IN ('active', 'decrypt_only', 'destroyed')),
  -- The rotation that made it.
  rotation_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, key_version),
  CONSTRAINT tenant_keys_destroyed_is_gone CHECK ((state = 'destroyed') = (wrapped_key IS NULL))
);
CREATE UNIQUE INDEX tenant_keys_one_active ON connector.tenant_keys (tenant_id) WHERE state = 'active';
CALL auth.isolate('connector.tenant_keys');
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON connector.tenant_keys FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();
-- UPDATE is for the row lock that keeps a key from being rotated away under a value that is being written.
GRANT SELECT, INSERT, UPDATE ON connector.tenant_keys TO penstock_server;
GRANT SELECT, INSERT, UPDATE, DELETE ON connector.tenant_keys TO penstock_admin;

-- A version is never given twice, so that an old value can't pass for a new one.
CREATE SEQUENCE connector.value_versions;
GRANT USAGE ON SEQUENCE connector.value_versions TO penstock_server, penstock_admin;

-- One row is one version of one secret. services/connector/keys/envelope.h tells the format.
CREATE TABLE connector.sealed_values (
  tenant_id uuid NOT NULL REFERENCES tenancy.tenants ON DELETE CASCADE,
  owner_kind text NOT NULL CONSTRAINT sealed_values_owner_kind_known CHECK (owner_kind IN ('connector', 'grant', 'attempt')),
  owner_id uuid NOT NULL,
  field text NOT NULL CONSTRAINT sealed_values_field_form CHECK (field ~ '^[a-z][a-z0-9_]{0,63}$'),
  value_version bigint NOT NULL CONSTRAINT sealed_values_version_positive CHECK (value_version > 0),
  -- False: the version before, kept until the current one has proved itself.
  is_current boolean NOT NULL DEFAULT true,
  key_version integer NOT NULL,
  sealed bytea NOT NULL CONSTRAINT sealed_values_sealed_length CHECK (octet_length(sealed) BETWEEN 137 AND 65672),
  -- When its data key was made.
  data_key_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, owner_kind, owner_id, field, value_version),
  CONSTRAINT sealed_values_version_unique UNIQUE (tenant_id, value_version),
  CONSTRAINT sealed_values_key_exists FOREIGN KEY (tenant_id, key_version) REFERENCES connector.tenant_keys,
  -- The key that the value names in its header is the key that the row counts under.
  CONSTRAINT sealed_values_header_agrees CHECK (substr(sealed, 1, 2) = '\x5053' AND substr(sealed, 5, 16) = uuid_send(tenant_id)
    AND substr(sealed, 21, 4) = int4send(key_version))
);
-- It does not compress.
ALTER TABLE connector.sealed_values ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX sealed_values_one_current ON connector.sealed_values (tenant_id, owner_kind, owner_id, field) WHERE is_current;
CREATE INDEX sealed_values_by_key ON connector.sealed_values (tenant_id, key_version);
CALL auth.isolate('connector.sealed_values');
GRANT SELECT, INSERT, UPDATE, DELETE ON connector.sealed_values TO penstock_server, penstock_admin;

-- Every use of a secret: who, which, why, whither, and what became of it. Numbered without gaps and chained by hash for each tenant as
-- tenancy.audit_log is (libs/audit_chain). Written by the function below and by nothing else. No foreign keys: it outlives what it tells of.
CREATE TABLE connector.credential_audit (
  tenant_id uuid NOT NULL,
  sequence bigint NOT NULL,
  occurred_at timestamptz NOT NULL,
  -- opened, refused: a use; outcome: what became of an opened one, as another row with its use_id.
  event text NOT NULL CONSTRAINT credential_audit_event_known CHECK (event IN ('opened', 'refused', 'outcome')),
  use_id uuid NOT NULL,
  owner_kind text NOT NULL CONSTRAINT credential_audit_owner_kind_known CHECK (owner_kind IN ('connector', 'grant', 'attempt')),
  owner_id uuid NOT NULL,
  -- Names and, in the same order, versions.
  fields text[] NOT NULL CONSTRAINT credential_audit_fields_few CHECK (cardinality(fields) <= 64),
  value_versions bigint[] NOT NULL,
  purpose text NOT NULL CONSTRAINT credential_audit_purpose_form CHECK (purpose ~ '^[a-z_]{1,50}$'),
  target_host text NOT NULL CONSTRAINT credential_audit_target_host_length CHECK (char_length(target_host) <= 260),
  execution_id text NOT NULL CONSTRAINT credential_audit_execution_id_length CHECK (char_length(execution_id) <= 255),
  actor_user_id uuid,
  actor_api_key_id uuid,
  actor_service text NOT NULL,
  request_id text NOT NULL,
  -- Of a refusal: why; of an outcome: which.
  result text NOT NULL CONSTRAINT credential_audit_result_form CHECK (result ~ '^[A-Za-z_]{0,100}$'),
  http_status integer NOT NULL CONSTRAINT credential_audit_http_status_range CHECK (http_status BETWEEN 0 AND 999),
  previous_hash bytea NOT NULL CONSTRAINT credential_audit_previous_hash_length CHECK (octet_length(previous_hash) = 32),
  hash bytea NOT NULL CONSTRAINT credential_audit_hash_length CHECK (octet_length(hash) = 32),
  PRIMARY KEY (tenant_id, sequence)
);
CREATE INDEX credential_audit_by_owner ON connector.credential_audit (tenant_id, owner_id, sequence) WHERE event <> 'outcome';
CREATE INDEX credential_audit_by_execution ON connector.credential_audit (tenant_id, execution_id, sequence) WHERE execution_id <> '';
CREATE INDEX credential_audit_by_time ON connector.credential_audit (tenant_id, occurred_at);
CREATE INDEX credential_audit_outcomes ON connector.credential_audit (tenant_id, use_id) WHERE event = 'outcome';
CALL auth.isolate('connector.credential_audit');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON connector.credential_audit FOR EACH ROW EXECUTE FUNCTION auth.refuse_change();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON connector.credential_audit FOR EACH STATEMENT EXECUTE FUNCTION auth.refuse_change();

-- The end of each tenant's chain; its row lock puts writers in line.
CREATE TABLE connector.credential_audit_heads (
  tenant_id uuid PRIMARY KEY,
  sequence bigint NOT NULL,
  hash bytea NOT NULL CONSTRAINT credential_audit_heads_hash_length CHECK (octet_length(hash) = 32)
);
CALL auth.isolate('connector.credential_audit_heads');
-- Services only read them: the function writes them, for the transaction's tenant.
CREATE POLICY chain ON connector.credential_audit TO penstock_owner
  USING (tenant_id = (SELECT auth.tenant_id())) WITH CHECK (tenant_id = (SELECT auth.tenant_id()));
CREATE POLICY chain ON connector.credential_audit_heads TO penstock_owner
  USING (tenant_id = (SELECT auth.tenant_id())) WITH CHECK (tenant_id = (SELECT auth.tenant_id()));
GRANT SELECT ON connector.credential_audit, connector.credential_audit_heads TO penstock_server;
GRANT SELECT, DELETE ON connector.credential_audit, connector.credential_audit_heads TO penstock_admin;

-- Appends rows to the chain of the transaction's tenant, which it locks once for all of them. Field names and versions of a row are joined by
-- commas. services/connector/credentials/use_chain.cc computes the same hashes.
CREATE FUNCTION connector.append_credential_audit(
  events text[], use_ids uuid[], owner_kinds text[], owner_ids uuid[], fields text[], value_versions text[], purposes text[], target_hosts text[],
  execution_ids text[], user_ids uuid[], api_key_ids uuid[], services text[], request_ids text[], results text[], http_statuses integer[])
  RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  tenant CONSTANT uuid := auth.tenant_id();
  head connector.credential_audit_heads;
  entry connector.credential_audit;
BEGIN
  IF tenant IS NULL THEN
    RAISE EXCEPTION 'an audit row is of the transaction''s tenant' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT * INTO head FROM connector.credential_audit_heads WHERE tenant_id = tenant FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO connector.credential_audit_heads VALUES (tenant, 0, decode(repeat('00', 32), 'hex')) ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT head FROM connector.credential_audit_heads WHERE tenant_id = tenant FOR UPDATE;
  END IF;
  FOR i IN 1 .. cardinality(events) LOOP
    head.sequence := head.sequence + 1;
    entry.tenant_id := tenant;
    entry.sequence := head.sequence;
    -- Not the transaction's time: another may have begun later and be in the log already.
    entry.occurred_at := clock_timestamp();
    entry.event := events[i];
    entry.use_id := use_ids[i];
    entry.owner_kind := owner_kinds[i];
    entry.owner_id := owner_ids[i];
    entry.fields := string_to_array(fields[i], ',');
    entry.value_versions := string_to_array(value_versions[i], ',')::bigint[];
    entry.purpose := purposes[i];
    entry.target_host := target_hosts[i];
    entry.execution_id := execution_ids[i];
    entry.actor_user_id := user_ids[i];
    entry.actor_api_key_id := api_key_ids[i];
    entry.actor_service := services[i];
    entry.request_id := request_ids[i];
    entry.result := results[i];
    entry.http_status := http_statuses[i];
    entry.previous_hash := head.hash;
    entry.hash := sha256(head.hash
      || tenancy.audit_field(entry.tenant_id::text)
      || tenancy.audit_field(entry.sequence::text)
      || tenancy.audit_field((extract(epoch FROM entry.occurred_at) * 1000000)::bigint::text)
      || tenancy.audit_field(entry.event)
      || tenancy.audit_field(entry.use_id::text)
      || tenancy.audit_field(entry.owner_kind)
      || tenancy.audit_field(entry.owner_id::text)
      || tenancy.audit_field(fields[i])
      || tenancy.audit_field(value_versions[i])
      || tenancy.audit_field(entry.purpose)
      || tenancy.audit_field(entry.target_host)
      || tenancy.audit_field(entry.execution_id)
      || tenancy.audit_field(entry.actor_user_id::text)
      || tenancy.audit_field(entry.actor_api_key_id::text)
      || tenancy.audit_field(entry.actor_service)
      || tenancy.audit_field(entry.request_id)
      || tenancy.audit_field(entry.result)
      || tenancy.audit_field(entry.http_status::text));
    INSERT INTO connector.credential_audit VALUES (entry.*);
    head.hash := entry.hash;
  END LOOP;
  UPDATE connector.credential_audit_heads h SET sequence = head.sequence, hash = head.hash WHERE h.tenant_id = tenant;
  RETURN head.sequence;
END $$;
REVOKE ALL ON FUNCTION connector.append_credential_audit(text[], uuid[], text[], uuid[], text[], text[], text[], text[], text[], uuid[], uuid[],
  text[], text[], text[], integer[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION connector.append_credential_audit(text[], uuid[], text[], uuid[], text[], text[], text[], text[], text[], uuid[], uuid[],
  text[], text[], text[], integer[]) TO penstock_server, penstock_admin;

-- Rotations of keys, and their destruction: jobs that any replica carries on. Theirs is no tenant's row: operators of the platform ask for them,
-- and the admin role alone sees them.
CREATE TABLE connector.key_rotations (
  rotation_id uuid PRIMARY KEY,
  level text NOT NULL CONSTRAINT key_rotations_level_known CHECK (level IN ('root', 'tenant', 'data', 'destroy')),
  -- NULL = of all tenants.
  of_tenant uuid,
  -- Whether what was rotated away is destroyed once nothing is under it.
  destroy_previous boolean NOT NULL DEFAULT false,
  state text NOT NULL DEFAULT 'running' CONSTRAINT key_rotations_state_known CHECK (state IN ('running', 'succeeded', 'failed', 'cancelled')),
  -- How far it is: all before this tenant are done, and of this tenant all up to this version (of a value, or of a key).
  at_tenant uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
  at_version bigint NOT NULL DEFAULT 0,
  rows_done bigint NOT NULL DEFAULT 0,
  rows_total bigint NOT NULL DEFAULT 0,
  -- Those that could not be read, and so were left as they were.
  rows_damaged bigint NOT NULL DEFAULT 0,
  -- What is left under what was rotated away, as counted at the end: 0 or the rotation has not succeeded.
  rows_left bigint,
  error text NOT NULL DEFAULT '' CONSTRAINT key_rotations_error_length CHECK (char_length(error) <= 2000),
  started_by text NOT NULL CONSTRAINT key_rotations_started_by_length CHECK (char_length(started_by) BETWEEN 1 AND 200),
  -- Who works at it, until when at the latest.
  lease_owner uuid,
  lease_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  CONSTRAINT key_rotations_ended CHECK ((state = 'running') = (ended_at IS NULL)),
  CONSTRAINT key_rotations_proved CHECK (state <> 'succeeded' OR rows_left = 0)
);
-- One at a time.
CREATE UNIQUE INDEX key_rotations_one_running ON connector.key_rotations (state) WHERE state = 'running';
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON connector.key_rotations FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();
GRANT SELECT, INSERT, UPDATE ON connector.key_rotations TO penstock_admin;

-- Rows of uses are appended set by set, and what is known of a secret's end is kept.

-- When a secret ends by itself, where it says so: the last instant at which a certificate is valid.
ALTER TABLE connector.sealed_values ADD COLUMN expires_at timestamptz;

-- As tenancy.audit_field: the same bytes. STABLE, as what it calls is: so an expression has it inlined, which is most of what a row costs.
CREATE FUNCTION connector.hashed_field(value text) RETURNS bytea LANGUAGE sql STABLE
  AS $$ SELECT int4send(octet_length(coalesce(value, ''))) || convert_to(coalesce(value, ''), 'UTF8') $$;

-- Writes the rows that the function of migration 0007 wrote one by one, with the same hashes: one hash after the other is computed, then all rows are
-- inserted by one statement. Rows of one call have the same time. services/connector/credentials/use_record.cc computes the same hashes.
CREATE OR REPLACE FUNCTION connector.append_credential_audit(
  events text[], use_ids uuid[], owner_kinds text[], owner_ids uuid[], fields text[], value_versions text[], purposes text[], target_hosts text[],
  execution_ids text[], user_ids uuid[], api_key_ids uuid[], services text[], request_ids text[], results text[], http_statuses integer[])
  RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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

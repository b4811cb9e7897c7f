-- How fast connectors may call, over all replicas of connector-service.

-- A row changes with every batch of calls, so it has room to change in place.
CREATE TABLE connector.rate_limits (
  tenant_id uuid NOT NULL,
  connector_id uuid NOT NULL,
  -- At the connector's rate, the calls let through so far last until then: the "theoretical arrival time" of the generic cell rate algorithm.
  given_until timestamptz NOT NULL DEFAULT '-infinity',
  -- The third party said to come back then.
  blocked_until timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (tenant_id, connector_id),
  CONSTRAINT rate_limits_connector_exists FOREIGN KEY (tenant_id, connector_id) REFERENCES connector.integration_connectors ON DELETE CASCADE
) WITH (fillfactor = 50);
CALL auth.isolate('connector.rate_limits');
GRANT SELECT, INSERT, UPDATE, DELETE ON connector.rate_limits TO penstock_server, penstock_admin;

-- Lets through up to `wanted` calls at once, at least one, and says how many seconds to wait before they hold; none when that is longer than `patience`.
-- Places are given in the order in which they are asked for, by the database's clock: `burst` calls at once and `per_second` after that, never more.
-- A crash of the database may forget the last fraction of a second, which is worth a commit that does not wait for the disk.
CREATE FUNCTION connector.take_calls(tenant uuid, connector uuid, per_second double precision, burst double precision, wanted integer,
                                     patience double precision)
  RETURNS TABLE (granted integer, wait_seconds double precision) LANGUAGE plpgsql AS $$
DECLARE
  step CONSTANT double precision := 1 / per_second;
  slack CONSTANT double precision := (burst - 1) / per_second;
  limits connector.rate_limits;
  present timestamptz;
  -- Seconds from the present on.
  given double precision;
  starts double precision;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  SELECT * INTO limits FROM connector.rate_limits l WHERE l.tenant_id = tenant AND l.connector_id = connector FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO connector.rate_limits (tenant_id, connector_id) VALUES (tenant, connector) ON CONFLICT DO NOTHING;
    SELECT * INTO STRICT limits FROM connector.rate_limits l WHERE l.tenant_id = tenant AND l.connector_id = connector FOR UPDATE;
  END IF;
  present := clock_timestamp();  -- with the row in hand, not when the transaction began
  given := extract(epoch FROM greatest(limits.given_until, present) - present);
  starts := greatest(given - slack, extract(epoch FROM greatest(limits.blocked_until, present) - present), 0);
  IF starts > patience THEN
    RETURN QUERY SELECT 0, starts;
    RETURN;
  END IF;
  given := greatest(given, starts);
  -- As many as there is room for at that moment; the tiny bit is for what binary fractions lose.
  granted := least(wanted, 1 + floor((starts + slack - given) / step + 1e-6)::integer);
  UPDATE connector.rate_limits l SET given_until = present + make_interval(secs => given + granted * step)
    WHERE l.tenant_id = tenant AND l.connector_id = connector;
  RETURN QUERY SELECT granted, starts;
END $$;
REVOKE ALL ON FUNCTION connector.take_calls(uuid, uuid, double precision, double precision, integer, double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION connector.take_calls(uuid, uuid, double precision, double precision, integer, double precision) TO penstock_server;

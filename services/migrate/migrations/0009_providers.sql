-- Providers that tenants add to the catalogue for themselves. Those of the release are compiled into connector-service.

CREATE TABLE connector.providers (
  tenant_id uuid NOT NULL REFERENCES tenancy.tenants ON DELETE CASCADE,
  -- Ordered as bytes, as the rows of the release are, with which they are listed.
  provider_id text COLLATE "C" NOT NULL CONSTRAINT providers_id_form
    CHECK (provider_id ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' AND char_length(provider_id) BETWEEN 2 AND 63),
  -- A penstock.connector.v1.Provider, without what the server sets.
  provider jsonb NOT NULL CONSTRAINT providers_provider_has_id CHECK (coalesce(provider ->> 'id', '') = provider_id)
    CONSTRAINT providers_provider_size CHECK (octet_length(provider::text) <= 131072),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, provider_id)
);
CALL auth.isolate('connector.providers');
CREATE TRIGGER touch_updated_at BEFORE UPDATE ON connector.providers FOR EACH ROW EXECUTE FUNCTION auth.touch_updated_at();
GRANT SELECT, INSERT, UPDATE, DELETE ON connector.providers TO penstock_server, penstock_admin;

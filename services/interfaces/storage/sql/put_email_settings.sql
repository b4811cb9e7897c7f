INSERT INTO tenancy.tenant_email_settings (tenant_id, email_provider, fallback_enabled, tracking_enabled, max_daily_emails)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id) DO UPDATE SET email_provider = excluded.email_provider, fallback_enabled = excluded.fallback_enabled,
  tracking_enabled = excluded.tracking_enabled, max_daily_emails = excluded.max_daily_emails

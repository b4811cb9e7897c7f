SELECT t.tenant_id, t.slug, t.name, t.email, t.plan, t.status, t.created_at,
       greatest(t.updated_at, s.updated_at, e.updated_at),
       coalesce(s.onboarding_completed, false), s.onboarding_completed_at, coalesce(s.onboarding_skipped, false),
       coalesce(s.onboarding_data, '{}'), coalesce(s.settings, '{}'),
       coalesce(e.email_provider, 'smtp'), coalesce(e.fallback_enabled, true), coalesce(e.tracking_enabled, false), e.max_daily_emails
FROM tenancy.tenants t LEFT JOIN tenancy.tenant_settings s USING (tenant_id) LEFT JOIN tenancy.tenant_email_settings e USING (tenant_id)
WHERE tenant_id = $1

INSERT INTO tenancy.tenant_settings (tenant_id, onboarding_completed, onboarding_completed_at, onboarding_skipped, onboarding_data, settings)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id) DO UPDATE SET onboarding_completed = excluded.onboarding_completed,
  onboarding_completed_at = excluded.onboarding_completed_at, onboarding_skipped = excluded.onboarding_skipped,
  onboarding_data = excluded.onboarding_data, settings = excluded.settings

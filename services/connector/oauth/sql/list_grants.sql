SELECT g.grant_id, g.tenant_id, g.connector_id, c.project_id, g.display_name, g.config::text, g.state, g.state_reason, g.state_changed_at,
  g.scopes_requested, g.scopes_granted, g.token_version, g.proven_version, g.has_refresh_token, g.has_previous_token, g.access_expires_at, g.refresh_at,
  g.refresh_idle_expires_at, g.refresh_absolute_expires_at, g.refreshed_at, g.retry_at, g.failures, g.lease_until, g.fence, g.from_token::text,
  g.last_error::text, g.created_at, g.updated_at, c.service_name, c.secret_storage, c.auth_config::text, now()
FROM connector.oauth_grants g JOIN connector.integration_connectors c USING (tenant_id, connector_id)
WHERE g.tenant_id = $1 AND ($2::uuid IS NULL OR g.grant_id < $2) AND ($3::uuid IS NULL OR c.project_id IS NULL OR c.project_id = $3)
  AND ($4::uuid IS NULL OR g.connector_id = $4) AND ($5 = '' OR g.state = $5)
ORDER BY g.grant_id DESC LIMIT $6

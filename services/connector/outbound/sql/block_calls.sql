INSERT INTO connector.rate_limits (tenant_id, connector_id, blocked_until)
VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))
ON CONFLICT (tenant_id, connector_id) DO UPDATE SET blocked_until = greatest(rate_limits.blocked_until, excluded.blocked_until)

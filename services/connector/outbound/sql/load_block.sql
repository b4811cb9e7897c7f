-- Seconds until calls may be made again.
SELECT extract(epoch FROM greatest(blocked_until, now()) - now())::double precision
FROM connector.rate_limits WHERE tenant_id = $1 AND connector_id = $2

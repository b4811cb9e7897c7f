-- What has expired, and all but the newest.
DELETE FROM tenancy.sessions
WHERE tenant_id = $1 AND user_id = $2
  AND (expires_at < $3 OR session_id IN (SELECT session_id FROM tenancy.sessions WHERE tenant_id = $1 AND user_id = $2
                                         ORDER BY session_id DESC OFFSET $4))

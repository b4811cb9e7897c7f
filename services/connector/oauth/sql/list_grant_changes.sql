SELECT from_state, to_state, reason, changed_at FROM connector.oauth_grant_changes
WHERE tenant_id = $1 AND grant_id = $2 ORDER BY change_id DESC LIMIT 20
